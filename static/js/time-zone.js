// Tells the server the time zone of this browser, so that pages show the time on the wall. The log-in page comes first.
document.cookie =
  `time_zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}; path=/; max-age=31536000; samesite=lax` +
  (location.protocol === "https:" ? "; secure" : "");
