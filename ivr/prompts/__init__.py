"""What flows say: texts, sounds, voices and languages."""
