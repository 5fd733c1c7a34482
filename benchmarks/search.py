"""The first page of a search over all transcripts, whole as a person gets it, beside the same page over a thousandth.

Every search is a request to the application, with its session, rights, form, marked lines and entry in the log of
access. The reference is the same page of a table a hundred times as small: what does not grow with the table is the
same in both.
"""
