// The desk's page: panels, keys, dialogs, notes, the phone, and the heartbeat that tells the server of it.

import { start as startKeys } from "../keys.js";
import { start as startPanels } from "../live.js";
import { Phone } from "../phone/phone.js";
import { Ring } from "../phone/ring.js";
import { SoundTest } from "../phone/sound-test.js";
import { meta } from "../say.js";
import { start as startDialogs } from "./dialogs.js";
import { start as startHeartbeat } from "./heartbeat.js";
import { start as startNotes } from "./notes.js";
import { start as startPhonePanel } from "./phone-panel.js";
import { start as startPop } from "./pop.js";

startPanels();
startKeys();
startDialogs();
startNotes();
startPop();

const settings = meta("phone")?.dataset;
const phone = settings ? new Phone(settings) : null;
startHeartbeat(phone);
if (phone) {
  const ring = new Ring();
  startPhonePanel(phone, ring);
  new SoundTest(phone, ring);
  if (settings.captions) {
    const { captions } = await import(settings.captions);
    phone.addEventListener("device", () => document.getElementById("captions").replaceChildren(captions(phone.device)));
  }
  await phone.start();
}
