// The panel "Versions", and the pages of what is on its way: how long it takes until the time that was planned.

import { startTicking } from "../ticking.js";

startTicking();
