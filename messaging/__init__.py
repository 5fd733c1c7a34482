"""Texts: threads with people, keywords, media, what is sent when a call was missed."""
