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

const bank: Intranet = {
  id: "eleven",
  policy: "northgate-savings",
  name: { en: "Northgate Savings Bank", de: "Sparbank Northgate" },
  short: { en: "Northgate", de: "Northgate" },
  services: { en: "Our systems", de: "Unsere Systeme" },
  person: "n17",
  news: [
    {
      daysAgo: 0,
      title: { en: "New rates from the first of the month" },
      text: { en: "The printed table is in every branch by Thursday. Please take the old one down that evening." },
    },
    {
      daysAgo: 3,
      title: { en: "Elm Street has a second counter" },
      text: { en: "Opening hours stay as they are. The queue should not." },
    },
    {
      daysAgo: 6,
      title: { en: "Ring the help desk, not your cousin in IT" },
      text: { en: "What is reported is mended, and counted. Extension 4000, day and night." },
    },
  ],
};

const transit: Intranet = {
  id: "servicenow",
  policy: "meridian-transit",
  name: { en: "Meridian Transit" },
  short: { en: "Meridian" },
  services: { en: "Our systems", de: "Unsere Systeme" },
  person: "m09",
  news: [
    {
      daysAgo: 1,
      title: { en: "Winter timetable is fixed" },
      text: { en: "Depots have their rosters. Stops get their new sheets over the weekend." },
    },
    {
      daysAgo: 4,
      title: { en: "Line 6 runs to the harbour" },
      text: { en: "Every twelve minutes until midnight, from Monday on." },
    },
    {
      daysAgo: 8,
      title: { en: "Lost property moves next door" },
      text: { en: "Same counter clerk, more umbrellas. Ask at the north entrance." },
    },
  ],
};

const hospital: Intranet = {
  id: "itop",
  policy: "valmont-hospital",
  name: { en: "Valmont Hospital", de: "Krankenhaus Valmont" },
  short: { en: "Valmont", de: "Valmont" },
  services: { en: "Systems of the house", de: "Systeme des Hauses" },
  person: "v08",
  news: [
    {
      daysAgo: 0,
      title: { en: "Flu vaccination in the canteen" },
      text: { en: "Today and tomorrow from seven to three. Night shifts: ask the ward, somebody comes to you." },
    },
    {
      daysAgo: 2,
      title: { en: "Paper charts are ready on every ward" },
      text: { en: "For an hour in which the screens are dark. Please know where the folder is." },
    },
    {
      daysAgo: 9,
      title: { en: "The garden is open again" },
      text: { en: "New benches in the shade, and a ramp that beds can take." },
    },
  ],
};

/** The organisations that can be chosen where there is no server. */
export const INTRANETS: readonly Intranet[] = [department, bakery, estates, bank, transit, hospital];

/** The intranet of the policy that a host serves; a plain one where it is none of ours. */
export function intranetOf(policy: { readonly id: string; readonly name: Text }): Intranet {
  const known = INTRANETS.find((intranet) => intranet.policy === policy.id);
  return known ?? { ...department, id: "plain", policy: policy.id, name: policy.name, short: policy.name, news: [] };
}
