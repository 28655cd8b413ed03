/**
 * A host entirely in the browser: the organisation's files, IndexedDB, and the core in wasm. For demonstrations and for trying a
 * policy; whoever sits at the browser has it in their hands, so its records prove nothing to others.
 */

import {
  append,
  arrived,
  type Listed,
  type Looking,
  logOf,
  openRecords,
  type Records,
  STORES,
  type StoredOutcome,
  type Writing,
} from "./browser-records.js";
import { deviceNow } from "./clock.js";
import { type LocalRecordCore, loadAudit, loadLocalRecordCore } from "./core.js";
import {
  type ChangeSummary,
  Fault,
  type Host,
  type Loaded,
  NotSignedIn,
  type Records as OtherRecords,
  type Outcome,
  type Problem,
  type Reading,
} from "./host.js";
import { keptOf } from "./kept.js";
import { type Organisation, readOrganisation, worldOf } from "./organisation.js";
import { hasEnded } from "./phase.js";
import { DURABLE } from "./store.js";
import type {
  AgendaItem,
  BoardStanding,
  Change,
  ChangeId,
  Command,
  Digest,
  Instant,
  KeptPolicy,
  Meaning,
  Notice,
  Other,
  Person,
  PersonId,
  Policy,
  Report,
  RoleId,
  RuleId,
  Stored,
  Template,
  Value,
  Waiting,
} from "./wire.js";

/** Where the organisation's files lie. */
export interface BrowserHostOptions {
  /** The folder of all organisations. */
  readonly base: string | URL;
  /** The organisation's own folder in it, and its name in storage. */
  readonly organisation: string;
  /** When its time begins where nothing is kept yet; now where it is left out. */
  readonly clock?: Instant;
}

/** Somebody who can be chosen as signed in. */
export type Pickable = Pick<Person, "id" | "name" | "title"> & { readonly roles: readonly RoleId[] };

/** A host in the browser, with what only a demonstration has: a choice of people, and a clock that can be put forward. */
export interface BrowserHost extends Host {
  /** Everybody who can sign in. */
  people(): Promise<readonly Pickable[]>;
  /** Signs somebody in. */
  signIn(person: PersonId): void;
  /** The host's time. */
  clock(): Promise<Instant>;
  /** Puts the clock forward; an earlier time changes nothing. */
  moveClock(to: Instant): Promise<Instant>;
}

/** Opens the records that this browser has of an organisation. */
export function browserHost(options: BrowserHostOptions): BrowserHost {
  return new HostInBrowser(options);
}

/** How often the host looks at what is due, at most: as often as the reference host does. */
const ACTS_EVERY_MS = 60_000;

/** What moves a change to the policy in force, or is of no change. */
const BY_THE_CURRENT: readonly Command["type"][] = ["adoptPolicy", "template", "policy", "meeting"];

class HostInBrowser implements BrowserHost {
  readonly scope: string;
  readonly #folder: URL;
  readonly #begin: Instant | undefined;
  #person: PersonId = "";
  #opened: Promise<Records> | undefined;
  #organisation: Promise<Organisation> | undefined;
  /** One a policy: changes keep the one they were submitted under. */
  readonly #cores = new Map<Digest, LocalRecordCore>();
  #current: LocalRecordCore | undefined;
  /** When, by its own time, it last did what was due. */
  #actedAt: Instant = "";

  constructor({ base, organisation, clock }: BrowserHostOptions) {
    this.#begin = clock;
    this.#folder = new URL(
      `${encodeURIComponent(organisation)}/`,
      new URL(`${String(base).replace(/\/+$/, "")}/`, document.baseURI),
    );
    this.scope = `browser:${organisation}`;
  }

  person(): PersonId {
    return this.#person;
  }

  signIn(person: PersonId): void {
    this.#person = person;
  }

  /** Who is signed in, if they are in the organisation's files and have not left. */
  #signedIn({ people }: Organisation): PersonId {
    if (!people.filter(isThere).some(({ id }) => id === this.#person))
      throw new NotSignedIn("nobody is signed in; choose who you are");
    return this.#person;
  }

  async people(): Promise<readonly Pickable[]> {
    const { people, policy } = await this.#files();
    return people.filter(isThere).map(({ id, name, title, groups = [] }) => {
      const roles = policy.roles.filter((role) => role.groups?.some((group) => groups.includes(group)));
      return { id, name, ...(title ? { title } : {}), roles: roles.map((role) => role.id) };
    });
  }

  async clock(): Promise<Instant> {
    const ahead = await (await this.#records()).get("counters", "clockAheadMs");
    return instant(deviceNow() + (ahead ?? 0));
  }

  async moveClock(to: Instant): Promise<Instant> {
    const ahead = Date.parse(to) - deviceNow();
    const writing = (await this.#records()).transaction("counters", "readwrite", DURABLE);
    const stood = (await writing.store.get("clockAheadMs")) ?? 0;
    if (ahead > stood) await writing.store.put(ahead, "clockAheadMs");
    await writing.done;
    await this.#act();
    return this.clock();
  }

  async load(): Promise<Loaded> {
    const organisation = await this.#files();
    this.#signedIn(organisation);
    const now = await this.clock();
    const core = await this.#currentCore(organisation, now);
    return this.#known((await this.#records()).transaction(STORES), core, organisation, now);
  }

  async change(id: ChangeId): Promise<readonly Stored[]> {
    const log = await this.#read(id);
    if (log.length === 0) throw new Fault("not-found", `there is no change \`${id}\``);
    const audit = await loadAudit();
    const policies = await (await this.#records()).getAll("policies");
    if (!audit.verify(log, policies).ok) throw new Fault("log-broken", `the log of \`${id}\` does not verify`);
    return log;
  }

  async changes(): Promise<readonly ChangeSummary[]> {
    const listed = await (await this.#records()).getAll("changes");
    return listed.map(({ summary }) => summary).sort((one, other) => other.updatedAt.localeCompare(one.updatedAt));
  }

  async waiting(): Promise<readonly Waiting[]> {
    const readings = await this.#openReadings();
    return readings.flatMap(({ waiting }) => waiting ?? []);
  }

  async notices(): Promise<readonly Notice[]> {
    const readings = await this.#openReadings();
    return readings.flatMap(({ notice }) => (notice && !hasEnded(notice) ? notice : []));
  }

  /** Templates that were proposed here, and meetings. Policies and the catalogue's files stay what the folder says. */
  async records(): Promise<OtherRecords> {
    const { core, ids } = await this.#others();
    const read = async (id: ChangeId) => [id, core.readOther(await this.change(id))] as const;
    const readings = await Promise.all(ids.map(read));
    const standings = readings.flatMap(([, { record, standing }]) =>
      record?.type === "template" && standing ? [[record.template.template, standing]] : [],
    );
    return {
      records: readings.flatMap(([, { record }]) => record ?? []),
      standings: Object.fromEntries(standings),
      steps: Object.fromEntries(readings.map(([id, { steps }]) => [id, steps])),
      samples: Object.fromEntries(readings.map(([id, { samples }]) => [id, samples])),
      proposable: core.proposable(),
      callable: core.callable(),
    };
  }

  async agenda(board: RuleId): Promise<readonly AgendaItem[]> {
    const [{ core, others }, open] = await Promise.all([this.#others(), this.#open()]);
    const logs = await Promise.all(open.map((id) => this.change(id)));
    const closed = others.flatMap((known) =>
      known.type === "meeting" && known.meeting.board === board ? (known.meeting.closed?.at ?? []) : [],
    );
    return core.agenda(board, logs, closed.sort().at(-1));
  }

  async boards(): Promise<readonly BoardStanding[]> {
    const [{ core }, open] = await Promise.all([this.#others(), this.#open()]);
    return core.boards(await Promise.all(open.map((id) => this.change(id))));
  }

  /** The records that are of no change, and a core that knows what is known now. */
  async #others(): Promise<{ core: LocalRecordCore; ids: readonly ChangeId[]; others: readonly Other[] }> {
    const [organisation, now] = await Promise.all([this.#files(), this.clock()]);
    const core = await this.#currentCore(organisation, now);
    const records = await this.#records();
    const [ids, others] = await Promise.all([records.getAllKeys("others"), records.getAll("others")]);
    await this.#known(records.transaction(STORES), core, organisation, now);
    return { core, ids, others };
  }

  /** Tells a core what is known now, and gives it: other changes, runs, and the catalogue as its logs and runs have it. */
  async #known(
    reading: Looking,
    core: LocalRecordCore,
    organisation: Organisation,
    now: Instant,
    files: readonly Digest[] = [],
  ): Promise<Loaded> {
    const [listed, others] = await Promise.all([
      reading.objectStore("changes").getAll(),
      reading.objectStore("others").getAll(),
    ]);
    const ids = others.flatMap((known) => (known.type === "template" ? known.template.id : []));
    const logs = await Promise.all(ids.map((id) => logOf(reading, id)));
    const loaded = this.#loaded(organisation, core.policyHash, now, listed, files);
    core.refresh(loaded);
    const recorded = logs.flatMap((log) => core.readOther(log).template ?? []);
    if (recorded.length === 0) return loaded;
    const catalogued = { ...loaded, world: { ...loaded.world, templates: together(recorded, loaded.world.templates) } };
    core.refresh(catalogued);
    return catalogued;
  }

  async upload(file: Blob, sha256: Digest): Promise<void> {
    await (await this.#records()).put("files", file, sha256);
  }

  async file(sha256: Digest): Promise<Blob> {
    const file = await (await this.#records()).get("files", sha256);
    if (!file) throw new Fault("not-found", `there is no file \`${sha256}\``);
    return file;
  }

  /** Every open change as the person sees it: what waits and what may be told is the core's to say. */
  async #openReadings(): Promise<readonly Reading[]> {
    const late = Date.parse(await this.clock()) - Date.parse(this.#actedAt || instant(0));
    if (late >= ACTS_EVERY_MS) await this.#act();
    return Promise.all((await this.#open()).map((id) => this.permitted(id)));
  }

  async #open(): Promise<readonly ChangeId[]> {
    const listed = await (await this.#records()).getAll("changes");
    // What an earlier version listed does not say it.
    return listed.filter(({ summary, isOver = hasEnded(summary) }) => !isOver).map(({ id }) => id);
  }

  /** Does by the host's own hand what is due of every open change. */
  async #act(): Promise<void> {
    const organisation = await this.#files();
    const now = await this.clock();
    this.#actedAt = now;
    for (const id of await this.#open()) {
      // One log that does not hold, which is told where it is read, is no reason to leave the others undone.
      await this.#actOn(id, organisation, now).catch(() => undefined);
    }
  }

  async #actOn(id: ChangeId, organisation: Organisation, now: Instant): Promise<void> {
    const core = await this.#coreOf(id, organisation, now);
    await this.#known((await this.#records()).transaction(STORES), core, organisation, now);
    for (const command of core.dueOfHost(await this.#read(id))) {
      const writing = (await this.#records()).transaction(STORES, "readwrite", DURABLE);
      const log = await logOf(writing, id);
      await this.#known(writing, core, organisation, now);
      const report = { id: core.newId(), changeId: id, expectedSeq: log.length, command, occurredAt: now };
      // Where it is refused, somebody was faster.
      const taken = core.take(log, report, undefined, undefined);
      if ("stored" in taken) await keep(writing, core, taken.stored, organisation.policy);
      await writing.done;
    }
  }

  async permitted(id: ChangeId): Promise<Reading> {
    const [organisation, now] = await Promise.all([this.#files(), this.clock()]);
    const core = await this.#coreOf(id, organisation, now);
    const log = await this.change(id);
    await this.#known((await this.#records()).transaction(STORES), core, organisation, now);
    return core.read(log);
  }

  async policy(hash: Digest): Promise<Policy> {
    const policy = await (await this.#records()).get("policies", hash);
    if (!policy) throw new Fault("not-found", `there is no policy \`${hash}\``);
    return policy;
  }

  /** Reads, decides and stores in one transaction. What takes time, fetching and hashing, comes before it. */
  async report(report: Report): Promise<Outcome> {
    const organisation = await this.#files();
    const person = this.#signedIn(organisation);
    const bytes = await sha256(JSON.stringify(report));
    const now = await this.clock();
    const core = BY_THE_CURRENT.includes(report.command.type)
      ? await this.#currentCore(organisation, now)
      : await this.#coreOf(report.changeId, organisation, now);
    const kept = report.command.type === "adoptPolicy" ? await this.#keptBy(report.changeId) : undefined;
    const writing = (await this.#records()).transaction(STORES, "readwrite", DURABLE);
    const known = await writing.objectStore("outcomes").get(report.id);
    const outcome = known
      ? await repeated(writing, known, person, bytes)
      : await this.#decide(writing, { report, person, bytes, organisation, core, now, kept });
    await writing.done;
    return outcome;
  }

  /** What the policy that a change keeps says of who may move it. */
  async #keptBy(id: ChangeId): Promise<KeptPolicy | undefined> {
    const hash = (await this.#read(id)).at(-1)?.entry.policyHash;
    return hash ? keptOf(await this.policy(hash), hash) : undefined;
  }

  async #decide(writing: Writing, asked: Asked): Promise<Outcome> {
    const { report, person, bytes, organisation, core, now, kept } = asked;
    const { id, changeId } = report;
    const log = await logOf(writing, changeId);
    const count = ((await writing.objectStore("counters").get(year(now))) ?? 0) + 1;
    const loaded = await this.#known(writing, core, organisation, now, await arrived(writing, report));
    if (kept) core.refresh({ ...loaded, world: { ...loaded.world, kept } });
    const isSubmission = report.command.type === "submit";
    const taken = core.take(log, report, person, isSubmission ? spoken(now, count) : undefined);
    if ("refusals" in taken && taken.refusals.some(({ code }) => code === "report.sequence"))
      return { type: "conflict", log };
    const said = "stored" in taken ? { seq: taken.stored.entry.seq } : { refusals: taken.refusals };
    await writing.objectStore("outcomes").put({ id, changeId, person, bytes, said });
    if (!("stored" in taken)) return { type: "refused", refusals: taken.refusals };
    if (isSubmission) await writing.objectStore("counters").put(count, year(now));
    await keep(writing, core, taken.stored, organisation.policy);
    return { type: "accepted", stored: [taken.stored] };
  }

  #loaded(
    organisation: Organisation,
    policyHash: Digest,
    now: Instant,
    listed: readonly Listed[],
    files: readonly Digest[] = [],
  ): Loaded {
    const changes = listed.flatMap(({ booking }) => booking ?? []);
    const related = listed.flatMap(({ related: known }) => known ?? []);
    const runs = listed.flatMap(({ run }) => run ?? []);
    const world = { ...worldOf(organisation, now), changes, related, runs, files: [...files] };
    return { policy: organisation.policy, policyHash, world, person: this.#person, now };
  }

  #files(): Promise<Organisation> {
    this.#organisation ??= readOrganisation(this.#folder).catch((error: unknown) => {
      this.#organisation = undefined;
      throw error;
    });
    return this.#organisation;
  }

  #records(): Promise<Records> {
    this.#opened ??= this.#begun().catch((cause: unknown) => {
      this.#opened = undefined;
      throw new Fault("storage-blocked", `this browser keeps nothing for this page: ${String(cause)}`, { cause });
    });
    return this.#opened;
  }

  /** The records; where there are none yet, their time begins when it was told to. */
  async #begun(): Promise<Records> {
    const records = await openRecords(`changegate-host ${this.scope}`);
    const ahead = this.#begin === undefined ? Number.NaN : Date.parse(this.#begin) - deviceNow();
    if (Number.isNaN(ahead)) return records;
    const writing = records.transaction("counters", "readwrite", DURABLE);
    if ((await writing.store.count()) === 0) await writing.store.put(ahead, "clockAheadMs");
    await writing.done;
    return records;
  }

  async #read(id: ChangeId): Promise<readonly Stored[]> {
    return logOf((await this.#records()).transaction(STORES), id);
  }

  /** The core of the policy that a change stands under; a new change is submitted under the current one. */
  async #coreOf(id: ChangeId, organisation: Organisation, now: Instant): Promise<LocalRecordCore> {
    const current = await this.#currentCore(organisation, now);
    const last = (await this.#read(id)).at(-1);
    const hash = last?.entry.policyHash ?? current.policyHash;
    const core =
      this.#cores.get(hash) ?? (await this.#coreFor({ ...organisation, policy: await this.policy(hash) }, now));
    this.#cores.set(hash, core);
    return core;
  }

  /** A policy that is new here is checked before anything is decided by it. */
  async #currentCore(organisation: Organisation, now: Instant): Promise<LocalRecordCore> {
    if (this.#current) return this.#current;
    const core = await this.#coreFor(organisation, now);
    const records = await this.#records();
    if (!(await records.getKey("policies", core.policyHash))) {
      await checkPolicy(organisation.policy);
      await records.put("policies", organisation.policy, core.policyHash);
    }
    this.#cores.set(core.policyHash, core);
    this.#current = core;
    return core;
  }

  #coreFor(organisation: Organisation, now: Instant): Promise<LocalRecordCore> {
    return loadLocalRecordCore(this.#loaded(organisation, "", now, []));
  }
}

const isThere = ({ left }: Person): boolean => !left;

interface Asked {
  readonly report: Report;
  readonly person: PersonId;
  readonly bytes: string;
  readonly organisation: Organisation;
  readonly core: LocalRecordCore;
  readonly now: Instant;
  /** What the policy that the change keeps says, where it is to be moved to another. */
  readonly kept: KeptPolicy | undefined;
}

async function checkPolicy(policy: Policy): Promise<void> {
  const audit = await loadAudit();
  const stopping = audit.check(JSON.stringify(policy)).find(({ severity }) => severity === "stops");
  if (stopping) throw new Fault("organisation-broken", `policy.json, ${stopping.at || "/"}: ${stopping.message}`);
}

/** The same report again has the same outcome; under the id of another it has none. */
async function repeated(reading: Looking, known: StoredOutcome, person: PersonId, bytes: string): Promise<Outcome> {
  if (known.person !== person) return refusedAs(FOREIGN);
  if (known.bytes !== undefined && known.bytes !== bytes) return refusedAs(REUSED);
  if ("refusals" in known.said) return { type: "refused", refusals: known.said.refusals };
  const { seq } = known.said;
  const log = await logOf(reading, known.changeId);
  return { type: "accepted", stored: log.filter(({ entry }) => entry.seq === seq) };
}

const FOREIGN: Problem = {
  code: "report.not-yours",
  title: "somebody else's report",
  detail: "a report under this id came from somebody else; make a new one",
  status: 403,
};

const REUSED: Problem = {
  code: "report.reused",
  title: "another report under the same id",
  detail: "a report under this id had other content; make a new one",
  status: 422,
};

function refusedAs(problem: Problem): Outcome {
  return { type: "refused", refusals: [], problem };
}

function year(now: Instant): string {
  return now.slice(0, 4);
}

function spoken(now: Instant, count: number): string {
  return `CHG-${year(now)}-${String(count).padStart(4, "0")}`;
}

/** What has a record counts by it; the rest as the folder's file has it. */
function together(recorded: readonly Template[], ofFile: readonly Template[] | undefined): Template[] {
  const others = (ofFile ?? []).filter(({ id }) => !recorded.some((known) => known.id === id));
  return [...recorded, ...others];
}

/** Puts an entry into its log, and what others see of it where they look. */
async function keep(writing: Writing, core: LocalRecordCore, stored: Stored, current: Policy): Promise<void> {
  await append(writing, stored);
  const policy = (await writing.objectStore("policies").get(core.policyHash)) ?? current;
  await list(writing, core, await logOf(writing, stored.entry.changeId), policy);
}

/** Puts what others see of a record where they look. */
async function list(writing: Writing, core: LocalRecordCore, log: readonly Stored[], policy: Policy): Promise<void> {
  const { record } = core.readOther(log);
  if (record) {
    const id = log[0]?.entry.changeId;
    if (id) await writing.objectStore("others").put(record, id);
    return;
  }
  const { change, run, says } = core.read(log);
  const listing = { ...listed(change, policy), isOver: says.over };
  await writing.objectStore("changes").put({ ...listing, ...(run ? { run } : {}) });
}

/** A change as a list shows it, and as others may collide with it. */
function listed(change: Change, policy: Policy): Listed {
  const value = (meaning: Meaning): Value | undefined => {
    const field = policy.fields.find(({ means }) => means === meaning);
    return field && change.fields[field.id];
  };
  const text = (meaning: Meaning) => [value(meaning)].find((found) => typeof found === "string");
  const [title, from, to] = [text("title") ?? "", text("windowStart"), text("windowEnd")];
  const { id, number, model, state, phase, level, requester, updatedAt } = change;
  const window = { ...(from ? { windowFrom: from } : {}), ...(to ? { windowTo: to } : {}) };
  const summary = { id, number, title, model, state, phase, level, requester, updatedAt, ...window };
  const isOver = hasEnded(change);
  const blockedBy = change.relations.flatMap(({ relation, to: other }) => (relation === "blockedBy" ? other : []));
  const related = { id, shown: { number, title }, phase, blockedBy };
  if (!from || !to || isOver) return { id, summary, related };
  const [services, implementers] = [ids(value("services")), ids(value("implementers"))];
  const booking = { id, shown: { number, title }, services, implementers, requester, from, to, phase };
  return { id, summary, related, booking };
}

function ids(value: Value | undefined): string[] {
  return [value ?? []].flat().filter((item) => typeof item === "string");
}

function instant(ms: number): Instant {
  return new Date(ms).toISOString();
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
