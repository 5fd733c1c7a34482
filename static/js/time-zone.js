// Tells the server the time zone of this browser, so that pages show the time on the wall.
{
  const cookie = `time_zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
  const isTold = () => document.cookie.split("; ").includes(cookie);
  if (!isTold()) {
    document.cookie = `${cookie}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
    if (isTold()) location.reload(); // this page was written without knowing
  }
}
