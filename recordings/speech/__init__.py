"""From sound to text, and what must be hidden of both. Knows neither models nor pages."""
