"""Tables that people keep in spreadsheets: read as programs write them, and written so that they open as text."""
