//! One gesture makes one report, sent at least once and taken once.

use serde::Serialize;

use crate::canonical;
use crate::catalogue::{TemplateRecord, TemplateStep, samples, standing};
use crate::change::{Change, HandedOn};
use crate::command::{Actor, Command};
use crate::decide::patched;
use crate::draft::Content;
use crate::facts::{
    CatalogueFact, Facts, MeetingFact, Planned, Reading, beside, gather, lengthened, owns_service,
    starts_by_submission, stops, uses_time,
};
use crate::finding::{Finding, FindingCode, Severity};
use crate::id::{ChangeId, FieldId, LevelId, ModelId, PersonId, RoleId, RuleId, TemplateId};
use crate::log::{Entry, RULES_VERSION, Record, Stored, is_sealed, seal};
use crate::meeting::MeetingStep;
use crate::non_empty::NonEmpty;
use crate::policy::{Meaning, Policy, Relation, Role};
use crate::refusal::Refusal;
use crate::time::Instant;
use crate::value::{Digest, Words};
use crate::wire::Decode;
use crate::world::{Period, World};

/// What a client sends for one gesture. Its bytes freeze when it is queued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Report {
    /// A uuid of version 7; taken once.
    pub id: String,
    /// Which change, template, publication or meeting: the uuid of its record.
    pub change_id: ChangeId,
    /// How many entries of it the client had seen; 0 for a submission.
    pub expected_seq: u64,
    /// What is wanted.
    pub command: Command,
    /// When, by the client's clock: a claim.
    pub occurred_at: Instant,
    /// What the client's own core made of it: recorded as a claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
}

/// What the client's own core made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Claim {
    /// The version of the rules that the client has.
    pub core_version: u32,
    /// The policy that it has.
    pub policy_hash: Digest,
    /// The world that it saw.
    pub world_as_of: Instant,
    /// The level that it showed.
    pub level: LevelId,
    /// The approvals that it showed.
    pub approvals: Vec<RuleId>,
}

/// What a host brings to a report beside the report itself.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The policy: the change's own, the one that it is to adopt, or otherwise the one in force.
    pub policy: &'a Policy,
    /// What is stored of what the report is about.
    pub record: &'a Record,
    /// Who is signed in: never from the report.
    pub person: &'a PersonId,
    /// The host's clock.
    pub now: Instant,
    /// What the host knows.
    pub world: &'a World,
    /// The next spoken number, at a submission.
    pub number: Option<&'a str>,
}

/// Takes a report the whole way: facts, sealing, decision, entry. What it returns is stored as it is, nothing else.
///
/// `salts` gives 16 fresh random bytes at each call.
///
/// # Errors
/// Every refusal that applies; [`Refusal::Sequence`] alone where somebody moved first.
pub fn take(
    desk: &Desk<'_>,
    report: &Report,
    salts: &mut dyn FnMut() -> [u8; 16],
) -> Result<Stored, NonEmpty<Refusal>> {
    take_by(desk, Hands::Person, report, salts)
}

/// Takes what the host itself wants, by the same way: it holds no role, and may only what is the host's.
///
/// # Errors
/// Every refusal that applies.
pub fn take_by_host(
    desk: &Desk<'_>,
    report: &Report,
    salts: &mut dyn FnMut() -> [u8; 16],
) -> Result<Stored, NonEmpty<Refusal>> {
    let host = PersonId(String::new());
    let desk = Desk {
        person: &host,
        ..*desk
    };
    take_by(&desk, Hands::Host, report, salts)
}

/// By whose hand something comes.
#[derive(Clone, Copy)]
enum Hands {
    Person,
    Host,
}

fn take_by(
    desk: &Desk<'_>,
    hands: Hands,
    report: &Report,
    salts: &mut dyn FnMut() -> [u8; 16],
) -> Result<Stored, NonEmpty<Refusal>> {
    if let Some(refusal) = malformed(desk, report) {
        return Err(NonEmpty::one(refusal));
    }
    let readable = desk.record.readable();
    let command = only_changes(report.command.clone(), readable.as_ref());
    let mut facts = read(desk, readable.as_ref(), &report.change_id, &command);
    facts.findings.extend(too_long(&command));
    facts.findings.extend(unknown_name(desk, &command));
    if canonical::to_string(&facts).len() > MOST_FACTS {
        return Err(NonEmpty::one(Refusal::FactsTooLarge {}));
    }
    let actor = match hands {
        Hands::Host => Actor::Host {},
        Hands::Person => Actor::Person {
            person: desk.person.clone(),
            roles: roles_in(desk, &command, readable.as_ref(), &facts),
            on_behalf_of: None,
        },
    };
    let (command, values) = seal(desk.policy, command, desk.person, salts);
    let record = desk.record;
    let events = record.decide(desk.policy, &command, &actor, desk.now, &facts)?;
    let entry = Entry {
        change_id: report.change_id.clone(),
        seq: record.seq.saturating_add(1),
        prev: record.head,
        report_id: report.id.clone(),
        rules_version: RULES_VERSION,
        policy_hash: under(desk, &command),
        at: desk.now,
        occurred_at: Some(report.occurred_at),
        actor,
        claim: report
            .claim
            .clone()
            .filter(|claim| is_in_words_of(desk.policy, claim)),
        command,
        facts,
        events: events.into_vec(),
    };
    Ok(Stored::of(entry, values))
}

/// The longest id that a command may name: a refusal repeats it, and is kept.
const LONGEST_ID: usize = 200;
/// The hash of the policy that decides: a change keeps its own, which need not be hashed again.
fn under(desk: &Desk<'_>, command: &Command) -> Digest {
    match (command, &desk.record.change) {
        (Command::AdoptPolicy { .. }, _) | (_, None) => desk.policy.hash(),
        (_, Some(change)) => change.policy_hash,
    }
}

/// What a person is to a change gives no role on a record of something else.
fn roles_in(
    desk: &Desk<'_>,
    command: &Command,
    readable: Option<&Change>,
    facts: &Facts,
) -> Vec<RoleId> {
    let Desk {
        policy,
        world,
        person,
        ..
    } = *desk;
    let of_change = readable.is_some() || matches!(command, Command::Submit { .. });
    if of_change {
        return roles(policy, world, person, readable, facts);
    }
    standing_roles(policy, world, person)
}

/// The most bytes of facts that an entry holds.
const MOST_FACTS: usize = 32 * 1024;
/// The most characters of a comment, a reason, a note or a review.
const MOST_WORDS: i64 = 20_000;

fn malformed(desk: &Desk<'_>, report: &Report) -> Option<Refusal> {
    let actual = desk.record.seq;
    let other = desk.record.id().is_some_and(|id| *id != report.change_id);
    let language = if let Command::Submit { language, .. } = &report.command {
        is_language(language)
    } else if let Command::Template { step } = &report.command {
        step.languages().into_iter().all(is_language)
    } else {
        true
    };
    match () {
        () if !is_uuid(&report.id) || !is_uuid(report.change_id.as_str()) || other => {
            Some(Refusal::MalformedId {})
        }
        () if report.expected_seq != actual => Some(Refusal::Sequence {
            expected: report.expected_seq,
            actual,
        }),
        () if is_sealed(&report.command) => Some(Refusal::SealedValue {}),
        () if report.command.longest_id() > LONGEST_ID || !is_named(&report.command) => {
            Some(Refusal::MalformedId {})
        }
        () if !language => Some(Refusal::MalformedLanguage {}),
        () => None,
    }
}

/// 8-4-4-4-12 lower-case hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    let is_hex = |part: &str| {
        part.bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.split('-').all(is_hex)
}

/// The one id that somebody makes up is made of lower-case letters, digits and hyphens: it stands in the log as it is, and is no place
/// for free text.
fn is_named(command: &Command) -> bool {
    let Command::Template {
        step: TemplateStep::Propose { template, .. },
    } = command
    else {
        return true;
    };
    let mut bytes = template.as_str().bytes();
    bytes.all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

fn is_language(text: &str) -> bool {
    let part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    text.len() <= 35 && text.split('-').all(part)
}

/// A claim is kept where it speaks of levels and rules that there are: it is no place for other text.
fn is_in_words_of(policy: &Policy, claim: &Claim) -> bool {
    policy.rank(&claim.level).is_some()
        && claim
            .approvals
            .iter()
            .all(|rule| policy.approval(rule.as_str()).is_some())
}

/// An edit without what it leaves as it was.
fn only_changes(mut command: Command, readable: Option<&Change>) -> Command {
    if let (Command::Edit { fields }, Some(change)) = (&mut command, readable) {
        fields.retain(|field, value| change.fields.get(field) != value.as_ref());
    }
    command
}

/// What a command names and no guard asks about: it stands in the log as it is, so it names what there is, and is no place for free
/// text.
fn unknown_name(desk: &Desk<'_>, command: &Command) -> Option<Finding> {
    let stops = |code| Some(Finding::about_all(code, Severity::Stops));
    if let Command::Comment { mentions, .. } = command
        && mentions.iter().any(|id| desk.world.person(id).is_none())
    {
        return stops(FindingCode::NoSuchPerson);
    }
    let is_field = |id: &FieldId| desk.policy.field(id.as_str()).is_some();
    if let Command::Ask { questions, .. } = command
        && !questions
            .iter()
            .filter_map(|asked| asked.field.as_ref())
            .all(is_field)
    {
        return stops(FindingCode::UnknownField);
    }
    None
}

fn too_long(command: &Command) -> Option<Finding> {
    let most = usize::try_from(MOST_WORDS).unwrap_or(usize::MAX);
    let is_over = |words: &&Words| match words {
        Words::Plain(text) => text.chars().nth(most).is_some(),
        Words::Sealed(_) => false,
    };
    command
        .words()
        .iter()
        .any(is_over)
        .then(|| Finding::about_all(FindingCode::TooLong, Severity::Stops).with_bound(MOST_WORDS))
}

/// Reads the facts for a command: on the content as it would then stand.
pub(crate) fn read(
    desk: &Desk<'_>,
    readable: Option<&Change>,
    id: &ChangeId,
    command: &Command,
) -> Facts {
    match (command, readable) {
        (
            Command::Submit {
                model,
                template,
                fields,
                ..
            },
            _,
        ) => {
            let known = desk.policy.model(model.as_str());
            let subject = About {
                id,
                model,
                template: template.as_ref(),
                planned: None,
                requester: desk.person,
                handed_on: &[],
                voters: &[],
                work: known
                    .and_then(|model| starts_by_submission(desk.policy, model, fields, desk.now)),
            };
            Facts {
                number: desk.number.map(str::to_owned),
                ..about(desk, &subject, fields)
            }
        }
        // Whoever edits a service of theirs into a change does not own by that what it touches.
        (Command::Edit { fields }, Some(change)) => Facts {
            actor_owns_service: owns_service(desk.policy, &change.fields, desk.person, desk.world),
            ..of_change(desk, change, &patched(&change.fields, fields))
        },
        (Command::Erase { commitments, .. }, _) => unknown_commitments(desk, commitments),
        (Command::Template { step }, _) => of_template(desk, id, step),
        (Command::Policy { step }, _) => Facts {
            document: desk
                .world
                .documents
                .iter()
                .find(|document| document.hash == step.hash())
                .cloned(),
            ..Facts::default()
        },
        (Command::Meeting { step }, _) => Facts {
            meeting: Some(of_meeting(desk.world, step)),
            ..Facts::default()
        },
        (Command::Comment { .. }, Some(_)) | (_, None) => Facts::default(),
        (command, Some(change)) => {
            let content = filled(desk.policy, change, command);
            let work = uses_time(desk.policy, change, command, desk.now);
            let facts = of_change_at(desk, change, &content, work);
            beside(facts, desk.policy, change, command, desk.person, desk.world)
        }
    }
}

/// The content with everything else that was asked, and what the command itself fills.
fn filled(policy: &Policy, change: &Change, command: &Command) -> Content {
    let mut content = change.fields.clone();
    content.extend(lengthened(policy, change, command));
    content.extend(change.recorded.clone());
    let filled = command.values().into_iter();
    content.extend(filled.map(|(field, value)| (field.clone(), value.clone())));
    content
}

fn unknown_commitments(desk: &Desk<'_>, commitments: &[Digest]) -> Facts {
    let erased = |digest: &Digest| desk.record.erased.contains(digest);
    let unknown = commitments
        .iter()
        .filter(|digest| !desk.record.values.contains_key(digest) && !erased(digest));
    Facts {
        unknown_commitments: unknown.copied().collect(),
        ..Facts::default()
    }
}

/// What a decision about a template reads: what it fixes, the catalogue, and earlier runs.
fn of_template(desk: &Desk<'_>, id: &ChangeId, step: &TemplateStep) -> Facts {
    let Desk {
        policy, world, now, ..
    } = *desk;
    let readable = desk.record.readable_other();
    let stands = readable.as_ref().and_then(|other| other.template());
    let (content, named) = match (step.content(), stands.and_then(|own| own.proposed.as_ref())) {
        (Some(content), _) => (Some(content), step.samples()),
        (None, Some(waits)) => (Some(&waits.content), waits.samples.as_slice()),
        (None, None) => (None, &[][..]),
    };
    let facts = content.map(|content| {
        let about = About {
            id,
            model: &content.model,
            template: None,
            planned: None,
            requester: desk.person,
            handed_on: &[],
            voters: &[],
            work: None,
        };
        self::about(desk, &about, &content.fields)
    });
    let rule = content.and_then(|content| policy.trust_in(&content.model).zip(Some(content)));
    let samples =
        rule.map(|(rule, content)| samples(policy, rule, content, named, &world.runs, now));
    let catalogue = CatalogueFact {
        taken: is_taken(world, id, step, stands),
        standing: stands.map(|own| standing(policy, own, &world.runs, now)),
        samples: samples.unwrap_or_default(),
    };
    let gathered = facts.unwrap_or_default();
    Facts {
        findings: gathered.findings,
        known: gathered.known,
        catalogue: Some(catalogue),
        ..Facts::default()
    }
}

/// Whether the id that a template wants is another's: of a record, or, for a proposal, of the host's file.
fn is_taken(
    world: &World,
    id: &ChangeId,
    step: &TemplateStep,
    stands: Option<&TemplateRecord>,
) -> bool {
    let record = |named: &TemplateId| Some(world.template(named)?.record.as_ref());
    match step {
        TemplateStep::Propose { template, .. } => {
            record(template).is_some_and(|known| known != Some(id))
        }
        TemplateStep::Import { template, .. } => {
            record(template).flatten().is_some_and(|known| known != id)
        }
        TemplateStep::Revise { .. } => {
            let named = stands.map(|own| &own.template);
            named
                .and_then(record)
                .flatten()
                .is_some_and(|known| known != id)
        }
        TemplateStep::Agree { .. }
        | TemplateStep::Decline { .. }
        | TemplateStep::Suspend { .. }
        | TemplateStep::Reinstate { .. }
        | TemplateStep::Retire { .. }
        | TemplateStep::Lapse {}
        | TemplateStep::Promote {} => false,
    }
}

/// What a decision about a meeting reads: names that stand for nothing.
fn of_meeting(world: &World, step: &MeetingStep) -> MeetingFact {
    let is_known = |id: &ChangeId| {
        let booked = world.changes.iter().flatten().any(|other| other.id == *id);
        booked || world.related.iter().any(|other| other.id == *id)
    };
    let changes = step.changes().into_iter();
    let people = match step {
        MeetingStep::Attend { person, .. } => Some(person),
        MeetingStep::Call { .. }
        | MeetingStep::Agenda { .. }
        | MeetingStep::Minute { .. }
        | MeetingStep::CallOff { .. }
        | MeetingStep::Close {} => None,
    };
    let unknown = |person: &&PersonId| world.person(person).is_none_or(|person| person.left);
    MeetingFact {
        unknown_changes: changes.filter(|id| !is_known(id)).cloned().collect(),
        unknown_people: people.into_iter().filter(unknown).cloned().collect(),
    }
}

/// What the facts of a content are about.
struct About<'a> {
    id: &'a ChangeId,
    model: &'a ModelId,
    template: Option<&'a TemplateId>,
    planned: Option<Planned>,
    requester: &'a PersonId,
    handed_on: &'a [HandedOn],
    voters: &'a [PersonId],
    work: Option<Period>,
}

/// The planned start of a change, and since when it stands.
pub(crate) fn planned(policy: &Policy, change: &Change) -> Option<Planned> {
    let field = policy.meaning(Meaning::WindowStart)?;
    let start = change.fields.get(&field.id)?.as_text()?.parse().ok()?;
    Some(Planned {
        start,
        since: change.planned_at,
    })
}

/// The facts of a content of an open change.
pub(crate) fn of_change(desk: &Desk<'_>, change: &Change, content: &Content) -> Facts {
    of_change_at(desk, change, content, None)
}

/// The same, and what keeps work from being done in the time that the command at hand uses.
fn of_change_at(
    desk: &Desk<'_>,
    change: &Change,
    content: &Content,
    work: Option<Period>,
) -> Facts {
    let template = change.template.as_ref().map(|template| &template.id);
    about(
        desk,
        &About {
            id: &change.id,
            model: &change.model,
            template,
            planned: planned(desk.policy, change),
            requester: &change.requester,
            handed_on: &change.handed_on,
            voters: &change.voters(),
            work,
        },
        content,
    )
}

fn about(desk: &Desk<'_>, about: &About<'_>, content: &Content) -> Facts {
    let About {
        id,
        model,
        template,
        planned,
        requester,
        handed_on,
        voters,
        work,
    } = *about;
    let Some(model) = desk.policy.model(model.as_str()) else {
        return Facts::default();
    };
    let Desk {
        policy,
        person,
        now,
        world,
        ..
    } = *desk;
    let reading = Reading {
        policy,
        model,
        template,
        id: Some(id.as_str()),
        content,
        planned,
        requester,
        actor: person,
        handed_on,
        voters,
    };
    Facts {
        work: work.and_then(|time| stops(&reading, time, world)),
        ..gather(&reading, now, world)
    }
}

/// The roles that a policy gives a person at this moment: by group, and by what they are to the change. Who left has none.
#[must_use]
pub fn roles(
    policy: &Policy,
    world: &World,
    person: &PersonId,
    change: Option<&Change>,
    facts: &Facts,
) -> Vec<RoleId> {
    let is = |relation: Relation| match relation {
        Relation::Anybody => true,
        Relation::Requester => change.is_none_or(|change| change.requester == *person),
        Relation::Implementer => change.is_some_and(|change| implements(policy, change, person)),
        Relation::ServiceOwner => facts.actor_owns_service,
    };
    ids(held(&policy.roles, world, person, is))
}

/// Whether a person holds any of some roles at this moment, by group or by what they are to a change.
pub(crate) fn holds_any(
    roles: &[Role],
    policy: &Policy,
    world: &World,
    person: &PersonId,
    change: &Change,
    owns_service: bool,
) -> bool {
    let is = |relation: Relation| match relation {
        Relation::Anybody => true,
        Relation::Requester => change.requester == *person,
        Relation::Implementer => implements(policy, change, person),
        Relation::ServiceOwner => owns_service,
    };
    held(roles, world, person, is).next().is_some()
}

fn ids<'a>(roles: impl Iterator<Item = &'a Role>) -> Vec<RoleId> {
    roles.map(|role| role.id.clone()).collect()
}

/// The roles that a policy gives a person whatever it is about: by group, and to anybody.
#[must_use]
pub fn standing_roles(policy: &Policy, world: &World, person: &PersonId) -> Vec<RoleId> {
    ids(held(&policy.roles, world, person, |relation| {
        relation == Relation::Anybody
    }))
}

/// Of some roles those that a person holds. Who left holds none.
fn held<'a>(
    roles: &'a [Role],
    world: &'a World,
    person: &PersonId,
    is: impl Fn(Relation) -> bool + 'a,
) -> impl Iterator<Item = &'a Role> {
    let known = world.person(person);
    let is_there = known.is_none_or(|person| !person.left);
    let groups = known.map_or(&[][..], |person| &person.groups);
    let holds = move |role: &&Role| {
        let in_group = role.groups.iter().any(|group| groups.contains(group));
        is_there && (in_group || role.relation.is_some_and(&is))
    };
    roles.iter().filter(holds)
}

fn implements(policy: &Policy, change: &Change, person: &PersonId) -> bool {
    let named = policy
        .meaning(Meaning::Implementers)
        .and_then(|field| change.fields.get(&field.id));
    named.is_some_and(|named| named.ids().any(|id| id == person.as_str()))
}
