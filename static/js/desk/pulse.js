// A worker that does nothing but tick: browsers slow the clocks of pages that nobody looks at, but not those of workers.

onmessage = ({ data: seconds }) => setInterval(() => postMessage("beat"), seconds * 1000);
