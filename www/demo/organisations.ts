import type { Text } from "/pkg/index.js";

/** One item of the news: so many days ago by the demo's clock. */
export interface News {
  readonly daysAgo: number;
  readonly title: Text;
  readonly text: Text;
}

/** How an organisation's intranet looks and what it tells, beside what its own files say. */
export interface Intranet {
  /** Its folder among the organisations, and the name of its colours and logo. */
  readonly id: string;
  /** The id of its policy, by which a host is recognised. */
  readonly policy: string;
  readonly name: Text;
  readonly short: Text;
  /** What its services are called, where it has a list of them. */
  readonly services: Text;
  /** Who is signed in at first. */
  readonly person: string;
  readonly news: readonly News[];
}

const department: Intranet = {
  id: "defra",
  policy: "rivers-and-land",
  name: { en: "Department for Rivers and Land" },
  short: { en: "Rivers and Land" },
  services: { en: "Our services", de: "Unsere Dienste" },
  person: "e1041",
  news: [
    {
      daysAgo: 0,
      title: { en: "The flood duty rota is out" },
      text: { en: "Everybody on the rota has a message from the duty room. Please confirm by Friday." },
    },
    {
      daysAgo: 2,
      title: { en: "Closed periods are in the calendar" },
      text: { en: "Live systems stay as they are over the holidays and during the billing run. See what is planned." },
    },
    {
      daysAgo: 5,
      title: { en: "Two thousand kilometres of hedgerow" },
      text: { en: "The land teams have reached the target a year early. Pictures are in the Staff Portal." },
    },
    {
      daysAgo: 9,
      title: { en: "Raising a change takes minutes now" },
      text: {
        en: "No licence, no special access, no form of forty boxes. Everybody can ask, change management helps.",
      },
    },
  ],
};

const bakery: Intranet = {
  id: "bakery",
  policy: "cornflower-bakery",
  name: { en: "Cornflower Bakery", de: "Bäckerei Kornblume" },
  short: { en: "Cornflower", de: "Kornblume" },
  services: { en: "Our services", de: "Unsere Dienste" },
  person: "b04",
  news: [
    {
      daysAgo: 1,
      title: { en: "Walnut rye is back", de: "Das Walnussbrot ist wieder da" },
      text: {
        en: "The first batch is resting. Orders are taken at every counter and on the website.",
        de: "Der erste Teig ruht. Bestellt wird an jeder Theke und auf der Website.",
      },
    },
    {
      daysAgo: 3,
      title: { en: "New apprentice in the bakehouse", de: "Neuer Lehrling in der Backstube" },
      text: {
        en: "Amadou started on Monday. Please show him where everything is, flour store included.",
        de: "Amadou hat am Montag angefangen. Bitte zeigen Sie ihm, wo alles ist, auch das Mehllager.",
      },
    },
    {
      daysAgo: 8,
      title: { en: "Station shop opens at five", de: "Der Laden am Bahnhof öffnet um fünf" },
      text: {
        en: "From next month on, for the early trains. Rolls first, cakes from six.",
        de: "Ab nächstem Monat, für die frühen Züge. Erst Brötchen, Kuchen ab sechs.",
      },
    },
  ],
};

const estates: Intranet = {
  id: "facilities",
  policy: "ashgrove-estates",
  name: { en: "Ashgrove College Estates" },
  short: { en: "Ashgrove Estates" },
  services: { en: "Buildings and plant", de: "Gebäude und Anlagen" },
  person: "f116",
  news: [
    {
      daysAgo: 0,
      title: { en: "Heating comes on at six" },
      text: { en: "In all teaching buildings, every working day. Cold room? Tell the help point." },
    },
    {
      daysAgo: 4,
      title: { en: "North stair of the Library is open again" },
      text: { en: "New treads, new lights. Thank you for taking the long way round." },
    },
    {
      daysAgo: 7,
      title: { en: "Dangerous right now? Ring 3333" },
      text: { en: "The duty engineer makes it safe first. The paperwork follows." },
    },
  ],
};

/** The organisations that can be chosen where there is no server. */
export const INTRANETS: readonly Intranet[] = [department, bakery, estates];

/** The intranet of the policy that a host serves; a plain one where it is none of ours. */
export function intranetOf(policy: { readonly id: string; readonly name: Text }): Intranet {
  const known = INTRANETS.find((intranet) => intranet.policy === policy.id);
  return known ?? { ...department, id: "plain", policy: policy.id, name: policy.name, short: policy.name, news: [] };
}
