// The page that compares two versions: the newer one as a picture, which marks what was added, changed and removed.

import { Flow } from "./flow.js";
import { Picture } from "./picture.js";

for (const host of document.querySelectorAll(".cc-picture[data-source]")) {
  const response = await fetch(host.dataset.source);
  if (!response.ok) continue;
  const picture = new Picture(host, { label: host.dataset.label });
  picture.shows = { counts: false, gaveUp: false, inside: false, problems: false, covered: false };
  await picture.draw(new Flow(await response.json()));
}
