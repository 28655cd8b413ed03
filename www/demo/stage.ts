/**
 * What the demo stands on: a host, and what only a demo has, a choice of people and a clock that can be put forward.
 */

import { type Host, httpHost, type Pickable } from "/pkg/index.js";
import { exchange } from "../element/http.js";

/** The ground of the demo, the same over HTTP and in the browser alone. */
export interface Stage {
  readonly host: Host;
  /** Whether organisations can be chosen: a host serves one. */
  readonly isServerless: boolean;
  people(): Promise<readonly Pickable[]>;
  signIn(person: string): Promise<void>;
  clock(): Promise<string>;
  moveClock(to: string): Promise<string>;
}

/** Where a page beside the portal finds the session of this tab. */
const TOKEN = "changegate-demo-token";

/** Opens the host of this page; without one, or where the address says `?host=browser`, the browser alone, whose time begins at `&clock=`. */
export async function openStage(organisation: string): Promise<Stage> {
  const asked = new URLSearchParams(location.search);
  const isWanted = asked.get("host") !== "browser";
  return isWanted && (await answers()) ? overHttp() : alone(organisation, asked.get("clock"));
}

function api(path: string): URL {
  return new URL(`api/${path}`, document.baseURI);
}

async function answers(): Promise<boolean> {
  try {
    await exchange(api("health"));
    return true;
  } catch {
    return false;
  }
}

function overHttp(): Stage {
  let token = "";
  const now = ({ now }: { readonly now: string }) => now;
  return {
    host: httpHost({ endpoint: api(""), token: async () => token }),
    isServerless: false,
    people: () => exchange<readonly Pickable[]>(api("demo/people")),
    clock: () => exchange<{ readonly now: string }>(api("demo/clock")).then(now),
    moveClock: (to) => exchange<{ readonly now: string }>(api("demo/clock"), { to }).then(now),
    async signIn(person) {
      ({ token } = await exchange<{ readonly token: string }>(api("demo/session"), { person }));
      sessionStorage.setItem(TOKEN, token);
    },
  };
}

async function alone(organisation: string, clock: string | null): Promise<Stage> {
  const { browserHost } = await import("/pkg/browser-host.js");
  const begin = clock === null ? {} : { clock };
  const host = browserHost({ base: new URL("data/organisations", document.baseURI), organisation, ...begin });
  return {
    host,
    isServerless: true,
    people: () => host.people(),
    signIn: async (person) => host.signIn(person),
    clock: () => host.clock(),
    moveClock: (to) => host.moveClock(to),
  };
}
