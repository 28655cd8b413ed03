import * as format from "./format.js";
import type { Loaded } from "./host.js";
import { type Code, type Params, t } from "./messages.js";
import type {
  Booking,
  ChangeModel,
  Conflict,
  Field,
  Freeze,
  Person,
  Phase,
  Policy,
  Service,
  Span,
  StateId,
  Template,
  Text,
  Value,
  World,
} from "./wire.js";
import { knownZone } from "./zone.js";

/** Whatever a policy gives an id and a name. */
interface Named {
  readonly id: string;
  readonly name: Text;
}

/** Items by their id. */
function byId<T extends { id: string }>(items: readonly T[] | null | undefined): ReadonlyMap<string, T> {
  return new Map((items ?? []).map((item) => [item.id, item]));
}

/** What everything is called: the words of one policy and one world, in one language. */
export class Lexicon {
  readonly policy: Policy;
  readonly world: World;
  readonly zone: string;
  readonly fields: ReadonlyMap<string, Field>;
  readonly models: ReadonlyMap<string, ChangeModel>;
  readonly people: ReadonlyMap<string, Person>;
  readonly services: ReadonlyMap<string, Service>;
  readonly templates: ReadonlyMap<string, Template>;
  readonly #changes: ReadonlyMap<string, Booking>;
  readonly #freezes: ReadonlyMap<string, Freeze>;

  constructor(
    loaded: Pick<Loaded, "policy" | "world">,
    readonly language: string,
  ) {
    const { policy, world } = loaded;
    this.policy = policy;
    this.world = world;
    this.zone = knownZone(world.calendar?.zone);
    this.fields = byId(policy.fields);
    this.models = byId(policy.models);
    this.people = byId(world.people);
    this.services = byId(world.services);
    this.templates = byId(world.templates);
    this.#changes = byId(world.changes);
    this.#freezes = byId(world.calendar?.freezes);
  }

  /** The element's own wording of a code. */
  t(code: Code, params?: Params): string {
    return t(this.language, code, params);
  }

  /** A text of the policy. */
  say(text: Text): string {
    return format.say(this.language, text, this.policy.languages[0]);
  }

  /** Names as one phrase. */
  list(names: Iterable<string>): string {
    return format.list(this.language, names);
  }

  /** An instant in the organisation's zone. */
  date(instant: string, style: format.DateStyle = "moment"): string {
    return format.date(this.language, this.zone, instant, style);
  }

  /** Minutes as days, hours and minutes. */
  minutes(minutes: number): string {
    return format.span(this.language, minutes);
  }

  /** A span in its own unit: working days, or minutes. */
  span(span: Span): string {
    const days = span.workingDays;
    return typeof days === "number" ? this.t("span.days", { count: days }) : this.minutes(span.minutes ?? 0);
  }

  person(id: string): string {
    return this.people.get(id)?.name ?? this.t("person.unknown");
  }

  service(id: string): string {
    return this.services.get(id)?.name ?? id;
  }

  field(id: string): string {
    return this.#named(this.fields.get(id)?.label, id);
  }

  /** A field as a plain question, where it has one. */
  question(id: string): string {
    const field = this.fields.get(id);
    return this.#named(field?.plain ?? field?.label, id);
  }

  model(id: string): string {
    return this.#named(this.models.get(id)?.name, id);
  }

  level(id: string): string {
    return this.#named(this.policy.risk.levels.find((level) => level.id === id)?.name, id);
  }

  /** A rule of any sort: of approval, a floor of risk, a gate, an item of the checklist, a kind of evidence, a measure. */
  rule(id: string): string {
    const { approvals, risk, gates, checklist, evidence, boards, models } = this.policy;
    const measures = models.flatMap(({ observe }) => observe?.measures ?? []);
    const lists: readonly (readonly Named[] | null | undefined)[] = [
      approvals,
      risk.floors,
      gates,
      checklist,
      evidence,
      boards,
      measures,
    ];
    const rule = lists.flatMap((list) => list ?? []).find((known) => known.id === id);
    return this.#named(rule?.name, id);
  }

  /** Several rules as one phrase. */
  rules(ids: readonly string[]): string {
    return this.list(ids.map((id) => this.rule(id)));
  }

  role(id: string): string {
    return this.#named(this.policy.roles.find((role) => role.id === id)?.name, id);
  }

  phase(phase: Phase): string {
    return this.t(`phase.${phase}`);
  }

  /** A state by the organisation's name; state ids may be shared by models, then the names are taken to be. */
  state(id: StateId, model?: string): string {
    const states = this.#lifeCycles(model).flatMap((cycle) => cycle.states);
    return this.#named(states.find((state) => state.id === id)?.name, id);
  }

  transition(id: string, model?: string): string {
    const transitions = this.#lifeCycles(model).flatMap((cycle) => cycle.transitions);
    return this.#named(transitions.find((transition) => transition.id === id)?.name, id);
  }

  /** What a conflict is with. */
  conflict(conflict: Pick<Conflict, "kind" | "with">): string {
    return this.t(`conflict.${conflict.kind}`, { name: this.#conflicting(conflict) });
  }

  /** A value as a reader would write it. */
  value(field: Pick<Field, "kind">, value: Value): string {
    const { kind } = field;
    if (kind.type === "yesNo") return this.t(value === true ? "control.yes" : "control.no");
    if (kind.type === "dateTime" && typeof value === "string") return this.date(value);
    if (kind.type === "duration" && typeof value === "number") return this.minutes(value);
    if (kind.type === "number" && typeof value === "number") return this.#amount(value, kind.unit);
    if (kind.type === "list" || kind.type === "tasks") return "";
    return this.list([value].flat().map((item) => this.#item(field, String(item))));
  }

  #amount(value: number, unit: Text | null | undefined): string {
    const amount = format.number(this.language, value);
    return unit ? `${amount} ${this.say(unit)}` : amount;
  }

  #item({ kind }: Pick<Field, "kind">, item: string): string {
    if (kind.type === "people") return this.person(item);
    if (kind.type === "services") return this.service(item);
    if (kind.type !== "choice" && kind.type !== "several") return item;
    return this.#named(kind.options.find((option) => option.id === item)?.label, item);
  }

  #named(text: Text | undefined, id: string): string {
    return (text && this.say(text)) || id;
  }

  #lifeCycles(model: string | undefined): readonly ChangeModel["lifeCycle"][] {
    const own = model === undefined ? undefined : this.models.get(model);
    return (own ? [own] : this.policy.models).map((known) => known.lifeCycle);
  }

  #conflicting({ kind, with: id }: Pick<Conflict, "kind" | "with">): string {
    if (kind === "outsideWindow") return this.service(id);
    if (kind === "freeze") return this.#named(this.#freezes.get(id)?.name, id);
    const shown = this.#changes.get(id)?.shown;
    return shown ? `${shown.number} ${shown.title}` : this.t("conflict.hidden");
  }
}
