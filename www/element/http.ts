/**
 * The built-in client of a host over HTTP, and the only file that fetches.
 */

import { now } from "./clock.js";
import type { Host, KeptPolicy, ListedChange, Loaded, Outcome, Problem, Reading, Records } from "./host.js";
import { Fault, NotSignedIn, Unreachable } from "./host.js";
import type {
  AgendaItem,
  Assessment,
  BoardStanding,
  ChangeId,
  Difference,
  Digest,
  Draft,
  Notice,
  PersonId,
  Policy,
  Refusal,
  Report,
  Stored,
  Verdict,
  Waiting,
} from "./wire.js";

/** Where the host answers, and who is asked for its tokens. */
export interface HttpOptions {
  /** The address of its interface, `/api` for one; of this origin or another. */
  readonly endpoint: string | URL;
  /** The access token; asked for each request, and once more after a 401. Left out where the page's cookies do. */
  readonly token?: () => Promise<string>;
  /** How long to wait for an answer, in milliseconds. */
  readonly timeoutMs?: number;
}

/** A host over HTTP. */
export function httpHost(options: HttpOptions): Host {
  return new HttpHost(options);
}

/**
 * A file beside the element or the page: wasm, or an organisation's data.
 *
 * @throws {Unreachable} when nobody answers
 * @throws {Fault} `not-found` when there is no such file
 */
export async function resource(url: URL): Promise<Response> {
  const response = await fetch(url).catch((cause: unknown) => {
    throw new Unreachable(`\`${url.pathname}\` could not be fetched: ${String(cause)}`);
  });
  if (!response.ok)
    throw new Fault("not-found", `\`${url.pathname}\` answers ${response.status}; check that it was deployed`);
  return response;
}

/**
 * One exchange of JSON beside a host's interface, a demo's sign-in for one. With a body it posts.
 *
 * @throws {Unreachable} when nobody answers
 * @throws {Fault} when the answer is a problem
 */
export async function exchange<T>(url: URL, body?: unknown): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  const posting = body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) };
  const response = await fetch(url, { ...posting, cache: "no-store" }).catch((cause: unknown) => {
    throw new Unreachable(`\`${url.pathname}\` did not answer: ${String(cause)}`);
  });
  return bodyOf<T>(await read(response));
}

/** What came back, read to its end: a connection that breaks in the middle is no answer. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: string | null;
}

interface Request {
  readonly path: string;
  readonly method: "GET" | "POST" | "PUT";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Blob;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 20_000;
/** How long a file may take on its way. */
const FILE_TIMEOUT_MS = 300_000;

class HttpHost implements Host {
  readonly scope: string;
  readonly #base: URL;
  readonly #timeoutMs: number;
  readonly #ask: () => Promise<string>;
  #person: PersonId = "";
  /** The token that `#person` was confirmed with. */
  #confirmed: string | undefined;

  constructor({ endpoint, token, timeoutMs }: HttpOptions) {
    this.#base = new URL(`${String(endpoint).replace(/\/+$/, "")}/`, document.baseURI);
    this.#timeoutMs = timeoutMs ?? TIMEOUT_MS;
    this.#ask = token ?? (async () => "");
    this.scope = this.#base.href;
  }

  person(): PersonId {
    return this.#person;
  }

  token(): Promise<string> {
    return this.#ask();
  }

  async load(): Promise<Loaded> {
    const [reply, token] = await this.#signed(get("load"));
    const loaded = bodyOf<Loaded>(reply);
    this.#person = loaded.person;
    this.#confirmed = token;
    return loaded;
  }

  async confirmPerson(): Promise<PersonId> {
    if ((await this.#ask()) !== this.#confirmed) await this.load();
    return this.#person;
  }

  async change(id: ChangeId): Promise<readonly Stored[]> {
    const { log } = await this.#get<{ log: readonly Stored[] }>(`changes/${encodeURIComponent(id)}`);
    return log;
  }

  changes(): Promise<readonly ListedChange[]> {
    return this.#get("changes");
  }

  waiting(): Promise<readonly Waiting[]> {
    return this.#get("waiting");
  }

  notices(): Promise<readonly Notice[]> {
    return this.#get("notices");
  }

  boards(): Promise<readonly BoardStanding[]> {
    return this.#get("boards");
  }

  agenda(board: string): Promise<readonly AgendaItem[]> {
    return this.#get(`boards/${encodeURIComponent(board)}`);
  }

  records(): Promise<Records> {
    return this.#get("records");
  }

  async upload(file: Blob, sha256: Digest): Promise<void> {
    const headers = { "Content-Type": "application/octet-stream" };
    const request = {
      path: `files/${sha256}`,
      method: "PUT",
      headers,
      body: file,
      timeoutMs: FILE_TIMEOUT_MS,
    } as const;
    const [reply] = await this.#signed(request);
    bodyOf(reply);
  }

  async file(sha256: Digest): Promise<Blob> {
    const request = { ...get(`files/${sha256}`), timeoutMs: FILE_TIMEOUT_MS };
    const response = await this.#fetch(request, await this.#ask());
    if (!response.ok) throw faultOf(await read(response));
    return response.blob().catch((cause: unknown) => {
      throw new Unreachable(`the file broke off: ${String(cause)}`);
    });
  }

  verdict(id: ChangeId): Promise<Verdict> {
    return this.#get(`changes/${encodeURIComponent(id)}/verdict`);
  }

  policy(hash: Digest): Promise<Policy> {
    return this.#get(`policies/${encodeURIComponent(hash)}`);
  }

  keepPolicy(document: unknown): Promise<KeptPolicy> {
    return this.#post("policies", document);
  }

  difference(hash: Digest): Promise<Difference> {
    return this.#get(`policies/${encodeURIComponent(hash)}/difference`);
  }

  assess(draft: Draft): Promise<Assessment> {
    return this.#post("assess", { draft });
  }

  permitted(changeId: ChangeId): Promise<Reading> {
    return this.#post("permitted", { changeId });
  }

  /** Sends only with a token that was confirmed to be this person's: a shared computer may have another session by now. */
  async report(report: Report, signal?: AbortSignal): Promise<Outcome> {
    const person = this.#person;
    const isStillThere = person === "" || (await this.confirmPerson()) === person;
    if (!isStillThere) throw new NotSignedIn("somebody else is signed in now");
    const [reply] = await this.#signed(reporting(report, signal));
    return outcomeOf(reply);
  }

  async #get<T>(path: string): Promise<T> {
    const [reply] = await this.#signed(get(path));
    return bodyOf<T>(reply);
  }

  async #post<T>(path: string, body: unknown): Promise<T> {
    const headers = { "Content-Type": "application/json" };
    const [reply] = await this.#signed({ path, method: "POST", headers, body: JSON.stringify(body) });
    return bodyOf<T>(reply);
  }

  /** One retry with a fresh token: the one we had may have run out on the way. */
  async #signed(request: Request): Promise<[Reply, string]> {
    const token = await this.#ask();
    const reply = await this.#send(request, token);
    if (reply.status !== 401) return [reply, token];
    const fresh = await this.#ask();
    return [await this.#send(request, fresh), fresh];
  }

  async #send(request: Request, token: string): Promise<Reply> {
    try {
      return await read(await this.#fetch(request, token));
    } catch (cause) {
      request.signal?.throwIfAborted();
      throw cause instanceof Unreachable ? cause : new Unreachable(`the host did not answer: ${String(cause)}`);
    }
  }

  async #fetch({ path, method, headers, body, signal, timeoutMs }: Request, token: string): Promise<Response> {
    const timeout = AbortSignal.timeout(timeoutMs ?? this.#timeoutMs);
    try {
      return await fetch(new URL(path, this.#base), {
        method,
        headers: token === "" ? headers : { ...headers, Authorization: `Bearer ${token}` },
        cache: "no-store",
        redirect: "error",
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        ...(body === undefined ? {} : { body }),
      });
    } catch (cause) {
      signal?.throwIfAborted();
      throw new Unreachable(`the host did not answer: ${String(cause)}`);
    }
  }
}

function get(path: string): Request {
  return { path, method: "GET", headers: { Accept: "application/json" } };
}

/** @source CloudEvents 1.0, structured mode; draft-ietf-httpapi-idempotency-key-header */
function reporting(report: Report, signal: AbortSignal | undefined): Request {
  const event = {
    specversion: "1.0",
    id: report.id,
    source: location.origin,
    type: "changegate.report.v1",
    subject: report.changeId,
    time: report.occurredAt,
    datacontenttype: "application/json",
    data: report,
  };
  const headers = { "Content-Type": "application/cloudevents+json", "Idempotency-Key": report.id };
  return { path: "reports", method: "POST", headers, body: JSON.stringify(event), signal };
}

async function read(response: Response): Promise<Reply> {
  const text = await response.text();
  const isJson = /[/+]json\b/.test(response.headers.get("Content-Type") ?? "");
  return {
    status: response.status,
    body: isJson ? JSON.parse(text) : undefined,
    retryAfter: response.headers.get("Retry-After"),
  };
}

/** The body of a good answer, else the fault that it tells. */
export function bodyOf<T>(reply: Reply): T {
  if (reply.status === 200 && reply.body !== undefined) return reply.body as T;
  throw faultOf(reply);
}

/**
 * What a host's answer to a report means. Only what a host says in its own words is an outcome: a page of a proxy or a sign-in
 * form is not, whatever its status.
 *
 * @throws {Unreachable} when the same report should be sent again later
 * @throws {NotSignedIn} when the session is over
 */
export function outcomeOf(reply: Reply): Outcome {
  const body = isRecord(reply.body) ? reply.body : {};
  if (reply.status === 200 && Array.isArray(body.stored)) return { type: "accepted", stored: body.stored as Stored[] };
  if (reply.status === 409 && Array.isArray(body.log)) return { type: "conflict", log: body.log as Stored[] };
  if (![400, 403, 409, 413, 422].includes(reply.status) || reply.body === undefined) throw faultOf(reply);
  const refusals = Array.isArray(body.refusals) ? (body.refusals as Refusal[]) : [];
  return refusals.length > 0 ? { type: "refused", refusals } : { type: "refused", refusals, problem: problemOf(reply) };
}

function faultOf(reply: Reply): Error {
  const { status } = reply;
  const problem = problemOf(reply);
  if (status === 401) return new NotSignedIn(problem.detail);
  if (problem.code === "log.broken") return new Fault("log-broken", problem.detail);
  if (status === 429 || status >= 500 || reply.body === undefined)
    return new Unreachable(problem.detail, retryAfterMs(reply));
  return new Fault(status === 404 ? "not-found" : "host-problem", problem.detail);
}

/**
 * The problem that an answer describes, or what its status says.
 *
 * @source RFC 9457
 */
export function problemOf({ status, body }: Reply): Problem {
  const told = isRecord(body) ? body : {};
  const title = textOr(told.title, `the host answers ${status}`);
  const type = textOr(told.type, "about:blank");
  return { code: type.slice(type.lastIndexOf("/") + 1), title, detail: textOr(told.detail, title), status };
}

/** @source RFC 9110, section 10.2.3: seconds, or a date */
function retryAfterMs({ retryAfter }: Reply): number | undefined {
  if (retryAfter === null) return undefined;
  const seconds = Number(retryAfter);
  const wait = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(retryAfter) - now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}
