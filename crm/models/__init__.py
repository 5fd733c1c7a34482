from crm.models.answers import KeptAnswer
from crm.models.keys import Key

__all__ = ["KeptAnswer", "Key"]
