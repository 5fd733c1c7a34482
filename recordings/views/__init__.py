"""The sound of recordings: for the player in the page, for who has a link, as a file; and the forms before it."""
