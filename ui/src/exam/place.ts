// Where an online sitting is taken: at a computer, and at the one address whose pages may use camera
// and microphone (the header of the room's page forbids both).
const ONLINE = '/sit/online';

interface Hints {
  userAgentData?: { mobile?: boolean };
}

/** Phones and tablets, also the tablet that calls itself a Macintosh. */
export function isHandHeld(): boolean {
  const agent = navigator.userAgent;
  if ((navigator as unknown as Hints).userAgentData?.mobile) return true;
  return /Mobi|Android|iP(hone|ad|od)|Tablet/.test(agent) || (agent.includes('Macintosh') && navigator.maxTouchPoints > 1);
}

/** True: the browser is on its way to the address where a recorded sitting is taken. */
export function movesToOnline(recorded: boolean | undefined): boolean {
  if (!recorded || location.pathname.replace(/\/$/, '') === ONLINE) return false;
  location.replace(ONLINE + location.hash);
  return true;
}
