"""The roles, as groups: their names. What each may do is set by migrations."""

ADMINISTRATOR = "Administrator"
FLOW_EDITOR = "Flow editor"
SUPERVISOR = "Supervisor"
AGENT = "Agent"
AUDITOR = "Auditor"
COMPLIANCE_OFFICER = "Compliance officer"

ROLES = (ADMINISTRATOR, FLOW_EDITOR, SUPERVISOR, AGENT, AUDITOR, COMPLIANCE_OFFICER)
