//! Which steps of a record that is of no change are open to a person, or every reason why not.
//!
//! Each step is tried on the one function that decides, as gestures of changes are: buttons and decisions cannot disagree.

use serde::Serialize;

use crate::catalogue::{
    RunRef, Sample, TemplateContent, TemplateRecord, TemplateStep, sample, samples, standing,
};
use crate::command::{Actor, Command};
use crate::draft::Content;
use crate::id::{ChangeId, ModelId, PersonId, RuleId, TemplateId};
use crate::log::Record;
use crate::map::Map;
use crate::meeting::{Meeting, MeetingStep};
use crate::other::Other;
use crate::policy::TrustRule;
use crate::publication::{PolicyStep, Publication};
use crate::refusal::Refusal;
use crate::report::{Desk, read, standing_roles};
use crate::value::{Digest, Words};
use crate::wire::Decode;
use crate::world::Run;

/// A step of a template, of a policy or of a meeting, without what a person would write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum StepKind {
    /// Propose what there was not.
    Propose,
    /// Propose a new version of what there is.
    Revise,
    /// Agree to what is proposed.
    Agree,
    /// Say no to what is proposed.
    Decline,
    /// Let nobody use it for now.
    Suspend,
    /// Let it be used again.
    Reinstate,
    /// Give it up.
    Retire,
    /// Call a meeting.
    Call,
    /// Note who is there.
    Attend,
    /// Put something into the minutes.
    Minute,
    /// End it.
    Close,
    /// Call it off before it has begun.
    CallOff,
}

/// A step, and whether it would be accepted now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StepPermission {
    /// Which.
    pub step: StepKind,
    /// Whether it would be accepted.
    pub allowed: bool,
    /// Every reason why not.
    pub refusals: Vec<Refusal>,
}

/// Whether a person may propose a template of a model, and what it takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Proposable {
    /// Of which model.
    pub model: ModelId,
    /// How many earlier changes of the kind must have gone well.
    pub successes: u32,
    /// How many people must agree.
    pub yeses: u32,
    /// Earlier changes that can be named, the latest first, at most 100. That they are about the services which a template
    /// is for is told when it is proposed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<RunRef>,
    /// Whether it would be accepted.
    pub allowed: bool,
    /// Every reason why not.
    pub refusals: Vec<Refusal>,
}

/// Whether a person may call a meeting of a board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Callable {
    /// Of which board.
    pub board: RuleId,
    /// Whether it would be accepted.
    pub allowed: bool,
    /// Every reason why not.
    pub refusals: Vec<Refusal>,
}

/// How many earlier changes are named.
const MOST_SAMPLES: usize = 100;
/// Stands for words that would be written.
const WORDS: Words = Words::Sealed(Digest::ZERO);

/// Every step that this state of the record knows, for this person, now.
#[must_use]
pub fn steps(desk: &Desk<'_>) -> Vec<StepPermission> {
    let tries = match &desk.record.other {
        Some(Other::Template { template }) => of_template(desk, template),
        Some(Other::Publication { publication }) => of_publication(publication),
        Some(Other::Meeting { meeting }) => of_meeting(meeting),
        None => Vec::new(),
    };
    let Some(id) = desk.record.id() else {
        return Vec::new();
    };
    tries
        .into_iter()
        .map(|(step, command)| tried(desk, id, step, &command))
        .collect()
}

/// What the samples that the waiting version of a template names come to; empty where none waits.
#[must_use]
pub fn samples_named(desk: &Desk<'_>) -> Vec<Sample> {
    let Desk {
        policy, world, now, ..
    } = *desk;
    let other = desk.record.readable_other();
    let template = other.as_ref().and_then(Other::template);
    let waits = template.and_then(|template| template.proposed.as_ref());
    let judged = waits.and_then(|waits| {
        let rule = policy.trust_in(&waits.content.model)?;
        let named = &waits.samples;
        Some(samples(
            policy,
            rule,
            &waits.content,
            named,
            &world.runs,
            now,
        ))
    });
    judged.unwrap_or_default()
}

/// For each board of the policy: whether the person may call a meeting of it.
#[must_use]
pub fn callable(desk: &Desk<'_>) -> Vec<Callable> {
    let nothing = Record::empty();
    let fresh = Desk {
        record: &nothing,
        ..*desk
    };
    let called = desk.policy.boards.iter().map(|board| {
        let call = Command::Meeting {
            step: MeetingStep::Call {
                board: board.id.clone(),
                at: desk.now,
                agenda: Vec::new(),
                place: None,
            },
        };
        let id = ChangeId(String::new());
        let StepPermission {
            allowed, refusals, ..
        } = tried(&fresh, &id, StepKind::Call, &call);
        Callable {
            board: board.id.clone(),
            allowed,
            refusals,
        }
    });
    called.collect()
}

/// For each model whose templates are trusted by a rule: whether the person may propose one, and by which samples.
#[must_use]
pub fn proposable(desk: &Desk<'_>) -> Vec<Proposable> {
    let nothing = Record::empty();
    let fresh = Desk {
        record: &nothing,
        ..*desk
    };
    let rules = desk.policy.trust.iter();
    rules.map(|rule| proposable_by(&fresh, rule)).collect()
}

fn proposable_by(desk: &Desk<'_>, rule: &TrustRule) -> Proposable {
    let Desk {
        policy, world, now, ..
    } = *desk;
    let content = blank(&rule.model);
    let fits = |run: &&Run| sample(policy, rule, &content, run, now).is_none();
    let mut runs: Vec<&Run> = world.runs.iter().filter(fits).collect();
    runs.sort_by(|one, other| {
        let latest = other.closed_at.cmp(&one.closed_at);
        latest.then_with(|| other.change.cmp(&one.change))
    });
    let named = runs.into_iter().take(MOST_SAMPLES).map(|run| RunRef {
        change: run.change.clone(),
        number: run.number.clone(),
    });
    let command = template(TemplateStep::Propose {
        template: TemplateId(String::new()),
        language: String::new(),
        content: content.clone(),
        level: None,
        samples: Vec::new(),
    });
    let fresh = ChangeId(String::new());
    let StepPermission {
        allowed, refusals, ..
    } = tried(desk, &fresh, StepKind::Propose, &command);
    Proposable {
        model: rule.model.clone(),
        successes: rule.successes,
        yeses: rule.yeses.unwrap_or(1),
        samples: named.collect(),
        allowed,
        refusals,
    }
}

/// Stands for the content that would be written.
fn blank(model: &ModelId) -> TemplateContent {
    TemplateContent {
        model: model.clone(),
        name: Map::new(),
        fields: Content::new(),
        open: Vec::new(),
        covers: None,
    }
}

const fn template(step: TemplateStep) -> Command {
    Command::Template { step }
}

fn of_template(desk: &Desk<'_>, record: &TemplateRecord) -> Vec<(StepKind, Command)> {
    if record.retired.is_some() {
        return Vec::new();
    }
    let waits = record.proposed.iter().flat_map(|waits| {
        let (version, content_hash) = (waits.version, waits.content_hash);
        let agree = TemplateStep::Agree {
            version,
            content_hash,
        };
        let decline = TemplateStep::Decline {
            version,
            reason: WORDS,
        };
        [(StepKind::Agree, agree), (StepKind::Decline, decline)]
    });
    let usable = standing(desk.policy, record, &desk.world.runs, desk.now)
        .status
        .is_usable();
    let trusted = record.agreed.iter().flat_map(|_| {
        let suspend =
            usable.then_some((StepKind::Suspend, TemplateStep::Suspend { reason: WORDS }));
        let reinstate = (!usable).then_some((
            StepKind::Reinstate,
            TemplateStep::Reinstate { reason: WORDS },
        ));
        suspend.into_iter().chain(reinstate)
    });
    // Of a first version that was declined nothing is left: the next may be of any model.
    let model = record
        .current()
        .map(|current| &current.content.model)
        .or_else(|| desk.policy.trust.first().map(|rule| &rule.model));
    let revise = model.map(|model| {
        let step = TemplateStep::Revise {
            language: String::new(),
            content: blank(model),
            level: None,
            samples: Vec::new(),
        };
        (StepKind::Revise, step)
    });
    let retire = (StepKind::Retire, TemplateStep::Retire { reason: WORDS });
    waits
        .chain(revise)
        .chain(trusted)
        .chain([retire])
        .map(|(kind, step)| (kind, template(step)))
        .collect()
}

fn of_publication(record: &Publication) -> Vec<(StepKind, Command)> {
    let propose = PolicyStep::Propose {
        hash: Digest::ZERO,
        note: None,
    };
    let waits = record.proposed.iter().flat_map(|waits| {
        let hash = waits.hash;
        let decline = PolicyStep::Decline {
            hash,
            reason: WORDS,
        };
        [
            (StepKind::Agree, PolicyStep::Agree { hash }),
            (StepKind::Decline, decline),
        ]
    });
    waits
        .chain([(StepKind::Propose, propose)])
        .map(|(kind, step)| (kind, Command::Policy { step }))
        .collect()
}

fn of_meeting(meeting: &Meeting) -> Vec<(StepKind, Command)> {
    if !meeting.is_open() {
        return Vec::new();
    }
    let attend = MeetingStep::Attend {
        person: PersonId(String::new()),
        present: true,
    };
    let minute = MeetingStep::Minute {
        change: None,
        text: WORDS,
    };
    let steps = [
        (StepKind::Attend, attend),
        (StepKind::Minute, minute),
        (StepKind::Close, MeetingStep::Close {}),
        (StepKind::CallOff, MeetingStep::CallOff { reason: WORDS }),
    ];
    let commands = steps
        .into_iter()
        .map(|(kind, step)| (kind, Command::Meeting { step }));
    commands.collect()
}

fn tried(desk: &Desk<'_>, id: &ChangeId, step: StepKind, command: &Command) -> StepPermission {
    let actor = Actor::Person {
        person: desk.person.clone(),
        roles: standing_roles(desk.policy, desk.world, desk.person),
        on_behalf_of: None,
    };
    let facts = read(desk, None, id, command);
    let decision = desk
        .record
        .decide(desk.policy, command, &actor, desk.now, &facts);
    let mut refusals = decision
        .err()
        .map(crate::non_empty::NonEmpty::into_vec)
        .unwrap_or_default();
    refusals.retain(|refusal| !is_of_stand_in(step, refusal));
    StepPermission {
        step,
        allowed: refusals.is_empty(),
        refusals,
    }
}

/// Whether a refusal speaks only against what stands in for the person's own words and choices.
const fn is_of_stand_in(step: StepKind, refusal: &Refusal) -> bool {
    use StepKind::{Attend, Propose, Revise};
    matches!(
        (step, refusal),
        (Propose, Refusal::TemplateExists { .. })
            | (Attend, Refusal::UnknownPerson { .. })
            | (
                Propose | Revise,
                Refusal::Content { .. }
                    | Refusal::TextMissing {}
                    | Refusal::TemplateLevel { .. }
                    | Refusal::PolicyUnknown { .. }
            )
    )
}
