//! The table of each shipped policy: who may do what in which state, and what each way asks for. Every cell is what `decide`
//! says when it is tried. `CHANGEGATE_TABLE=write cargo test --test table` writes the pages anew; a page that is no longer
//! true fails.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

mod chance;
mod organisation;
mod situation;
mod walk;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use changegate::command::Command;
use changegate::finding::FindingCode;
use changegate::id::{RoleId, RuleId};
use changegate::policy::{
    Accountable, Authorization, Condition, Phase, Policy, Relation, State, Transition, Trigger,
};
use changegate::refusal::Refusal;
use changegate::value::{Digest, Words};
use organisation::{ASKED, Case, Organisation, SHIPPED, instant};
use situation::{Attempt, Hand, Situation, code, excludes, with_all_checks, with_guards, within};

/// A cell of the table of commands: the hands that may, or why nobody may.
enum Cell {
    May(Vec<Hand>),
    Nobody(Vec<Refusal>),
}

fn cell(situation: &Situation<'_>, asking: &Policy, attempt: &Attempt) -> Cell {
    let hands = situation.hands();
    let policy = match attempt.command {
        Command::Check { .. } => asking,
        _ => situation.policy(),
    };
    let refused = |hand: &Hand| situation.refusals(policy, attempt, hand);
    let may: Vec<_> = hands
        .iter()
        .filter(|hand| refused(hand).is_empty())
        .cloned()
        .collect();
    if may.is_empty() {
        let by_persons = hands.iter().filter(|hand| **hand != Hand::Host);
        let fewest = by_persons.map(refused).min_by_key(Vec::len);
        Cell::Nobody(fewest.unwrap())
    } else {
        Cell::May(may)
    }
}

/// The shortest beginning that tells a role from the others, with a capital letter.
fn abbreviation(policy: &Policy, role: &RoleId) -> String {
    let others = policy.roles.iter().map(|known| known.id.as_str());
    let others: Vec<_> = others.filter(|other| *other != role.as_str()).collect();
    let unlike = |length: &usize| {
        !others
            .iter()
            .any(|other| other.starts_with(&role.as_str()[..*length]))
    };
    let length = (2..=role.as_str().len())
        .find(unlike)
        .unwrap_or(role.as_str().len());
    let (first, rest) = role.as_str()[..length].split_at(1);
    first.to_uppercase() + rest
}

fn shown(policy: &Policy, cell: &Cell) -> String {
    match cell {
        Cell::May(hands) => {
            let all = policy
                .roles
                .iter()
                .filter(|role| hands.contains(&Hand::Role(role.id.clone())))
                .count()
                == policy.roles.len();
            if all {
                return "all".to_owned();
            }
            let name = |hand: &Hand| match hand {
                Hand::Role(role) => abbreviation(policy, role),
                Hand::Asked => "asked".to_owned(),
                Hand::Host => "host".to_owned(),
            };
            hands.iter().map(name).collect::<Vec<_>>().join(" ")
        }
        Cell::Nobody(refusals) => {
            let codes: BTreeSet<_> = refusals.iter().map(code).collect();
            let tells = |code: &str| codes.contains(code);
            match () {
                () if tells("lifecycle.terminal") => "×".to_owned(),
                () if tells("lifecycle.not-in-phase") => "·".to_owned(),
                () if tells("role.missing") || tells("actor.only-host") => "–".to_owned(),
                () if tells("change.exists") => "=".to_owned(),
                () => codes.into_iter().collect::<Vec<_>>().join(" "),
            }
        }
    }
}

/// A table with its columns under each other.
fn table(rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap()
    };
    let widths: Vec<_> = (0..rows[0].len()).map(width).collect();
    let mut page = String::new();
    for (position, row) in rows.iter().enumerate() {
        for (cell, width) in row.iter().zip(&widths) {
            let blank = " ".repeat(width - cell.chars().count());
            write!(page, "| {cell}{blank} ").unwrap();
        }
        page.push_str("|\n");
        if position == 0 {
            widths
                .iter()
                .for_each(|width| write!(page, "|{}", "-".repeat(width + 2)).unwrap());
            page.push_str("|\n");
        }
    }
    page
}

/// A condition, said back.
fn told(condition: &Condition) -> String {
    let json = serde_json::to_value(condition).unwrap();
    fn say(value: &serde_json::Value) -> String {
        let (key, value) = value.as_object().unwrap().iter().next().unwrap();
        let list = |value: &serde_json::Value| {
            value
                .as_array()
                .unwrap()
                .iter()
                .map(say)
                .collect::<Vec<_>>()
                .join(", ")
        };
        match key.as_str() {
            "all" => format!("all of ({})", list(value)),
            "any" => format!("any of ({})", list(value)),
            "not" => format!("not {}", say(value)),
            "is" => format!("{} is {}", value["field"].as_str().unwrap(), value["value"]),
            "filled" => format!("{} is filled", value.as_str().unwrap()),
            "level" => format!("risk is at least {}", value["atLeast"].as_str().unwrap()),
            "evidence" => format!("evidence {}", value["kind"].as_str().unwrap()),
            other => format!("{other} {value}"),
        }
    }
    say(&json)
}

const WORDS: Words = Words::Sealed(Digest([7; 32]));

fn moving(situation: &Situation<'_>, way: &Transition, state: &State, into: Phase) -> Attempt {
    let now = match into {
        Phase::Implement => within(),
        _ => situation.moment(state.phase),
    };
    Attempt {
        name: way.id.0.clone(),
        command: Command::Move {
            transition: way.id.clone(),
            reason: Some(WORDS),
        },
        change: situation.ripe(state),
        facts: situation.facts(now),
        now,
    }
}

fn phase_of(situation: &Situation<'_>, way: &Transition) -> Phase {
    let mut states = situation.states().iter();
    states.find(|state| state.id == way.to).unwrap().phase
}

/// The roles by which a way is taken, everything else being there.
fn takers(situation: &Situation<'_>, open: &Policy, attempt: &Attempt) -> Vec<RoleId> {
    let hands = situation.hands().into_iter();
    let taken = hands.filter(|hand| situation.refusals(open, attempt, hand).is_empty());
    taken
        .filter_map(|hand| match hand {
            Hand::Role(role) => Some(role),
            Hand::Asked | Hand::Host => None,
        })
        .collect()
}

/// What a way asks for: what is refused to somebody who may take it, when nothing is there yet; when work was reported as
/// backed out and nothing since; and when its guard and the gates do not hold.
fn asks(situation: &Situation<'_>, way: &Transition, state: &State, by: &RoleId) -> Vec<String> {
    let asking = with_all_checks(situation.case);
    let hand = Hand::Role(by.clone());
    let ripe = moving(situation, way, state, phase_of(situation, way));
    let mut bare = moving(situation, way, state, phase_of(situation, way));
    bare.change = situation.arrived(state);
    bare.change.fields = situation::content_without(&bare.change, &way.needs);
    bare.now = instant(ASKED);
    bare.command = Command::Move {
        transition: way.id.clone(),
        reason: None,
    };
    let mut done = moving(situation, way, state, phase_of(situation, way));
    done.change = situation.arrived(state);
    done.change.completed = Some(situation::backed_out());
    let shut = with_guards(situation.policy(), false, |_| false);
    let tries = [(&asking, &bare), (&asking, &done), (&shut, &ripe)];
    let refused = tries
        .iter()
        .flat_map(|(policy, attempt)| situation.refusals(policy, attempt, &hand));
    let asks: BTreeSet<_> = refused
        .filter_map(|refusal| asked(situation, way, &refusal))
        .collect();
    asks.into_iter().collect()
}

/// A refusal as what is asked for.
fn asked(situation: &Situation<'_>, way: &Transition, refusal: &Refusal) -> Option<String> {
    let ids = |ids: &[RuleId]| {
        ids.iter()
            .map(|id| format!("`{id}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    Some(match refusal {
        Refusal::Guard { .. } => format!("guard: {}", way.guard.as_ref().map(told)?),
        Refusal::Gate { gate } => return gate_asked(situation, gate),
        Refusal::Needed { field } => format!("`{field}` filled"),
        Refusal::NotGo { items } => format!("go of {}", ids(items)),
        Refusal::ApprovalMissing { rules } => format!("yes of {}", ids(rules)),
        Refusal::RatificationMissing { rules } => format!("ratified by {}", ids(rules)),
        Refusal::ObservationUnseen { measures } => format!("observed {}", ids(measures)),
        Refusal::Content { finding } if finding.code == FindingCode::Required => {
            format!("`{}` filled", finding.fields[0])
        }
        Refusal::Content { .. } => return None,
        other => code(other),
    })
}

/// A gate, with the condition under which it stands; none where no change of this model comes to it.
fn gate_asked(situation: &Situation<'_>, id: &RuleId) -> Option<String> {
    let gate = situation
        .policy()
        .gates
        .iter()
        .find(|gate| gate.id == *id)
        .unwrap();
    let Some(when) = &gate.when else {
        return Some(format!("gate `{id}`"));
    };
    let more = match when {
        Condition::Model(_) => Vec::new(),
        Condition::All(parts) => parts
            .iter()
            .filter(|part| !matches!(part, Condition::Model(_)))
            .map(told)
            .collect(),
        other => vec![told(other)],
    };
    if excludes(situation.case, when) {
        None
    } else if more.is_empty() {
        Some(format!("gate `{id}`"))
    } else {
        Some(format!("gate `{id}` where {}", more.join(" and ")))
    }
}

fn trigger(on: Trigger) -> &'static str {
    match on {
        Trigger::Authorized => "by itself, on the last yes",
        Trigger::Declined => "by itself, on a no",
        Trigger::Voided => "by itself, when approvals are voided",
        Trigger::Completed => "by itself, when work is reported",
        Trigger::Evaluated => "by itself, when it is evaluated",
    }
}

fn way_row(situation: &Situation<'_>, open: &Policy, way: &Transition) -> Vec<String> {
    let state = situation
        .states()
        .iter()
        .find(|state| state.id == way.from)
        .unwrap();
    let attempt = moving(situation, way, state, phase_of(situation, way));
    let by = takers(situation, open, &attempt);
    let who: Vec<_> = way
        .on
        .map(|on| trigger(on).to_owned())
        .into_iter()
        .chain(by.iter().map(|role| role.0.clone()))
        .collect();
    let asks = match (by.first(), &way.guard, way.on) {
        (Some(role), _, _) => asks(situation, way, state, role),
        (None, Some(guard), _) => vec![format!("guard: {}", told(guard))],
        (None, None, Some(_)) => Vec::new(),
        (None, None, None) => situation
            .hands()
            .iter()
            .map(|hand| situation.refusals(open, &attempt, hand))
            .min_by_key(Vec::len)
            .unwrap()
            .iter()
            .map(|refusal| format!("**nobody: {}**", code(refusal)))
            .collect(),
    };
    vec![
        way.from.0.clone(),
        way.id.0.clone(),
        way.to.0.clone(),
        who.join(", "),
        asks.join("; "),
    ]
}

/// The section of one model, and how many cells it has.
fn section(case: &Case<'_>) -> (String, usize) {
    let situation = Situation::of(case);
    let policy = situation.policy();
    let open = with_guards(policy, true, |_| true);
    let asking = with_all_checks(case);
    let states = situation.states();
    let columns: Vec<Vec<Attempt>> = states
        .iter()
        .map(|state| situation.attempts(state))
        .collect();
    let mut rows = vec![
        std::iter::once("command".to_owned())
            .chain(states.iter().map(|state| state.id.0.clone()))
            .collect::<Vec<_>>(),
    ];
    for (position, first) in columns[0].iter().enumerate() {
        let cells = columns
            .iter()
            .map(|attempts| shown(policy, &cell(&situation, &asking, &attempts[position])));
        rows.push(std::iter::once(first.name.clone()).chain(cells).collect());
    }
    let ways = &case.model.life_cycle.transitions;
    let head = ["from", "way", "to", "who", "asks for"]
        .map(str::to_owned)
        .to_vec();
    let way_rows: Vec<_> = std::iter::once(head)
        .chain(ways.iter().map(|way| way_row(&situation, &open, way)))
        .collect();
    let cells = (rows.len() - 1) * states.len() + ways.len() * states.len();
    let mut page = format!("\n## `{}`\n\n", case.model.id);
    page.push_str(&table(&rows));
    page.push('\n');
    page.push_str(&table(&way_rows));
    (page, cells)
}

fn page(organisation: &Organisation) -> String {
    let mut sections = String::new();
    let mut cells = 0;
    for model in &organisation.policy.models {
        let (section, count) = section(&Case::of(organisation, model));
        sections.push_str(&section);
        cells += count;
    }
    let policy = &organisation.policy;
    let legend = policy
        .roles
        .iter()
        .map(|role| format!("{} {}", abbreviation(policy, &role.id), role.id));
    let legend = legend.collect::<Vec<_>>().join(", ");
    format!(
        "# {}\n\n{cells} cells: each command in each state, and each way tried in each state. A cell names the hands that may, everything else\nbeing there; `tests/table.rs` tries each and fails where this page is not so.\n\n\
        {legend}; *asked* is whoever is asked for that approval, *host* the host itself, *all* every role.\n\
        `·` not in this phase, `×` the change is over, `–` the policy names nobody who may, `=` it is there already. A way stands where it starts; in any other state it is refused\n(`lifecycle.not-in-state`).\n{sections}",
        organisation.id
    )
}

fn compare(id: &'static str) {
    let page = page(&Organisation::read(id));
    let path = format!("{}/tests/table/{id}.md", env!("CARGO_MANIFEST_DIR"));
    if std::env::var("CHANGEGATE_TABLE").is_ok_and(|wanted| wanted == "write") {
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    for (number, (is, was)) in page.lines().zip(kept.lines()).enumerate() {
        assert_eq!(is, was, "{path}, line {}", number + 1);
    }
    assert_eq!(page.lines().count(), kept.lines().count(), "{path}");
}

#[test]
fn the_table_of_the_department_is_what_decide_says() {
    compare("defra");
}

#[test]
fn the_table_of_the_bakery_is_what_decide_says() {
    compare("bakery");
}

#[test]
fn the_table_of_the_estates_is_what_decide_says() {
    compare("facilities");
}

#[test]
fn the_table_of_servicenow_is_what_decide_says() {
    compare("servicenow");
}

#[test]
fn the_table_of_itop_is_what_decide_says() {
    compare("itop");
}

#[test]
fn the_table_of_the_eleven_steps_is_what_decide_says() {
    compare("eleven");
}

/// In which phases a command is open to anybody at all.
fn is_open(case: &Case<'_>, command: &Command, phase: Phase) -> bool {
    use Phase::{Assess, Authorize, Closed, Implement, Rejected, Review, Scheduled};
    let goes_on = !phase.is_terminal();
    match command {
        Command::Submit { .. } => false,
        Command::Edit { .. } => matches!(phase, Assess | Authorize | Scheduled | Rejected),
        Command::Ask { rule: None, .. } => {
            matches!(phase, Assess | Authorize | Scheduled | Rejected)
        }
        Command::Evaluate { .. } => phase == Assess,
        Command::Ask { .. }
        | Command::Approve { .. }
        | Command::Decline { .. }
        | Command::Defer { .. }
        | Command::Remind { .. }
        | Command::Escalate { .. } => {
            let afterwards = matches!(case.model.authorization, Authorization::Afterwards { .. });
            matches!(phase, Authorize | Scheduled)
                || afterwards && matches!(phase, Implement | Review)
        }
        Command::AdoptPolicy { .. } => matches!(phase, Assess | Authorize | Scheduled | Rejected),
        Command::Hold { .. } => matches!(phase, Assess | Authorize | Scheduled | Implement),
        Command::Task { .. } => goes_on && phase != Rejected,
        Command::Check { item, .. } => {
            let item = case
                .organisation
                .policy
                .checklist
                .iter()
                .find(|known| known.id == *item)
                .unwrap();
            phase < item.before
        }
        Command::Extend { .. } => {
            phase == Implement && !case.organisation.policy.may.extend.is_empty()
        }
        Command::DecideExtension { .. } => phase == Implement,
        Command::Observe { .. } | Command::EndObservation { .. } | Command::Review { .. } => {
            phase == Review
        }
        Command::Erase { .. } => true,
        Command::Attach { .. } => goes_on || phase == Closed,
        Command::RecordIncident { .. } => matches!(phase, Review | Closed),
        Command::ReviewIncident { .. } => phase == Closed,
        Command::Comment { .. }
        | Command::Announce { .. }
        | Command::Answer { .. }
        | Command::Fulfill { .. }
        | Command::Assign { .. }
        | Command::Resume { .. }
        | Command::Relate { .. }
        | Command::Unrelate { .. }
        | Command::Retract { .. }
        | Command::Waive { .. }
        | Command::ReviewWaiver { .. }
        | Command::Complete { .. }
        | Command::HandOn { .. } => goes_on && phase != Closed,
        Command::Move { .. }
        | Command::Template { .. }
        | Command::Policy { .. }
        | Command::Meeting { .. } => false,
    }
}

/// Whose hands a command is open to, as the policy names them.
fn named(situation: &Situation<'_>, state: &State, command: &Command) -> BTreeSet<Hand> {
    let policy = situation.policy();
    let may = &policy.may;
    let roles = |lists: &[&[RoleId]]| {
        lists
            .concat()
            .into_iter()
            .map(Hand::Role)
            .collect::<BTreeSet<_>>()
    };
    let related = |relations: &[Relation]| {
        let all = policy.roles.iter().filter(|role| {
            role.relation
                .is_some_and(|relation| relations.contains(&relation))
        });
        all.map(|role| Hand::Role(role.id.clone()))
            .collect::<BTreeSet<_>>()
    };
    let with = |relations: &[Relation], lists: &[&[RoleId]]| {
        related(relations)
            .into_iter()
            .chain(roles(lists))
            .collect::<BTreeSet<_>>()
    };
    let everybody = || {
        policy
            .roles
            .iter()
            .map(|role| Hand::Role(role.id.clone()))
            .chain([Hand::Asked])
            .collect::<BTreeSet<_>>()
    };
    let assigned = match &state.accountable {
        Some(Accountable::Assigned { by }) => by.as_slice(),
        Some(Accountable::Requester {} | Accountable::Field { .. }) | None => &[],
    };
    let observers = situation
        .case
        .model
        .observe
        .iter()
        .flat_map(|observe| observe.by.clone())
        .collect::<Vec<_>>();
    let (requester, implementer) = (Relation::Requester, Relation::Implementer);
    match command {
        Command::Comment { .. } => everybody(),
        Command::Edit { .. } | Command::Answer { .. } => with(&[requester], &[&may.edit]),
        Command::Announce { .. } => with(&[requester, implementer], &[&may.announce]),
        Command::Evaluate { .. } => roles(&[&may.evaluate]),
        Command::Ask { rule: None, .. } => roles(&[&may.evaluate, &may.edit]),
        Command::Ask { .. }
        | Command::Approve { .. }
        | Command::Decline { .. }
        | Command::Defer { .. } => BTreeSet::from([Hand::Asked]),
        Command::Fulfill { .. } => with(&[requester, implementer], &[&may.edit]),
        Command::Remind { .. } | Command::Escalate { .. } => BTreeSet::from([Hand::Host]),
        Command::Assign { .. } => roles(&[assigned, &may.edit]),
        Command::Hold { .. } | Command::Resume { .. } => with(&[requester], &[&may.hold]),
        Command::Relate { .. } | Command::Unrelate { .. } => with(&[requester], &[&may.relate]),
        Command::Task { .. } => related(&[implementer]),
        Command::Check { item, .. } => roles(&[&policy
            .checklist
            .iter()
            .find(|known| known.id == *item)
            .unwrap()
            .by]),
        Command::Attach { kind, .. } => {
            let kind = policy
                .evidence
                .iter()
                .find(|known| known.id == *kind)
                .unwrap();
            if kind.by.is_empty() {
                everybody()
            } else {
                roles(&[&kind.by])
            }
        }
        Command::Retract { .. } => roles(&[&may.edit]),
        Command::Waive { .. } | Command::ReviewWaiver { .. } => roles(&[&may.waive]),
        Command::Complete { .. } | Command::Extend { .. } => with(&[implementer], &[&may.complete]),
        Command::DecideExtension { .. } => roles(&[&may.extend]),
        Command::Observe { .. } => with(&[implementer], &[&observers]),
        Command::EndObservation { .. } => roles(&[&observers]),
        Command::Review { .. } | Command::ReviewIncident { .. } => roles(&[&may.review]),
        Command::RecordIncident { .. } => {
            let by_default = [&may.edit, &may.evaluate, &may.complete, &may.review];
            let by_default = by_default.map(Vec::as_slice).concat();
            roles(&[may.record_incident.as_deref().unwrap_or(&by_default)])
        }
        Command::AdoptPolicy { .. } => roles(&[&may.adopt]),
        Command::HandOn { .. } => roles(&[&may.hand_on])
            .into_iter()
            .chain([Hand::Host])
            .collect(),
        Command::Erase { .. } => roles(&[&may.erase]),
        Command::Submit { .. }
        | Command::Move { .. }
        | Command::Template { .. }
        | Command::Policy { .. }
        | Command::Meeting { .. } => BTreeSet::new(),
    }
}

fn each_model(look: impl Fn(&Situation<'_>)) {
    for id in SHIPPED {
        let organisation = Organisation::read(id);
        for model in &organisation.policy.models {
            look(&Situation::of(&Case::of(&organisation, model)));
        }
    }
}

#[test]
fn each_command_is_open_in_its_phases_to_those_whom_the_policy_names_and_to_nobody_else() {
    each_model(|situation| {
        let asking = with_all_checks(situation.case);
        for state in situation.states() {
            for attempt in situation.attempts(state) {
                let policy = match attempt.command {
                    Command::Check { .. } => &asking,
                    _ => situation.policy(),
                };
                let named = named(situation, state, &attempt.command);
                let open = is_open(situation.case, &attempt.command, state.phase);
                for hand in situation.hands() {
                    let codes: BTreeSet<_> = situation
                        .refusals(policy, &attempt, &hand)
                        .iter()
                        .map(code)
                        .collect();
                    let claimed = open && named.contains(&hand);
                    // Somebody named may still have done what keeps them from it: that is told apart.
                    let apart = ["duty.conflict", "authority.party", "observation.own"];
                    let kept_apart = !codes.is_empty()
                        && codes.iter().all(|code| apart.contains(&code.as_str()));
                    let agrees = claimed && kept_apart || claimed == codes.is_empty();
                    let place = format!(
                        "{} {}",
                        situation.case.organisation.id, situation.case.model.id
                    );
                    assert!(
                        agrees,
                        "{place}, {}, `{}` by {hand:?}: {codes:?}, claimed {claimed}",
                        state.id, attempt.name
                    );
                }
            }
        }
    });
}

/// The truth values of some gates, every combination of them.
fn combinations(gates: &[RuleId]) -> Vec<BTreeSet<RuleId>> {
    let all = 1_usize << gates.len();
    let chosen = |bits: usize| {
        gates
            .iter()
            .enumerate()
            .filter(move |(bit, _)| bits >> bit & 1 == 1)
            .map(|(_, gate)| gate.clone())
    };
    (0..all).map(|bits| chosen(bits).collect()).collect()
}

/// What must speak against a hand that takes a way, by the policy alone: its role, the guard, and each gate that is shut.
fn expected(way: &Transition, hand: &Hand, guard: bool, shut: &[RuleId]) -> BTreeSet<String> {
    let may = matches!(hand, Hand::Role(role) if way.by.contains(role));
    let role = (!may).then(|| "role.missing".to_owned());
    let guard = (way.guard.is_some() && !guard).then(|| "guard.not-met".to_owned());
    let gates = shut.iter().map(|gate| format!("gate.shut {gate}"));
    role.into_iter().chain(guard).chain(gates).collect()
}

fn said(refusal: &Refusal) -> Option<String> {
    match refusal {
        Refusal::RoleMissing { .. } | Refusal::Guard { .. } => Some(code(refusal)),
        Refusal::Gate { gate } => Some(format!("gate.shut {gate}")),
        // What is left speaks against the person or the way itself, whatever role, guard and gates say.
        Refusal::Duty { .. } | Refusal::Automatic { .. } => None,
        other => Some(format!("unexpected {}", code(other))),
    }
}

#[test]
fn each_way_is_open_to_a_role_exactly_where_its_guard_and_every_gate_hold() {
    each_model(|situation| {
        let place = format!(
            "{} {}",
            situation.case.organisation.id, situation.case.model.id
        );
        let by_hand = situation.case.model.life_cycle.transitions.iter();
        for way in by_hand.filter(|way| !way.by.is_empty()) {
            let state = situation
                .states()
                .iter()
                .find(|state| state.id == way.from)
                .unwrap();
            let into = phase_of(situation, way);
            let attempt = moving(situation, way, state, into);
            let gates = situation
                .policy()
                .gates
                .iter()
                .filter(|gate| gate.into == into && into != state.phase);
            let gates: Vec<_> = gates.map(|gate| gate.id.clone()).collect();
            for guard in [true, false] {
                for open in combinations(&gates) {
                    let policy = with_guards(situation.policy(), guard, |gate| open.contains(gate));
                    let shut: Vec<_> = gates
                        .iter()
                        .filter(|gate| !open.contains(*gate))
                        .cloned()
                        .collect();
                    for hand in situation.hands().iter().filter(|hand| **hand != Hand::Host) {
                        let refusals = situation.refusals(&policy, &attempt, hand);
                        let said: BTreeSet<_> = refusals.iter().filter_map(said).collect();
                        assert_eq!(
                            said,
                            expected(way, hand, guard, &shut),
                            "{place}, `{}` by {hand:?}",
                            way.id
                        );
                    }
                }
            }
        }
    });
}

#[test]
fn a_way_is_refused_in_every_state_but_its_own() {
    each_model(|situation| {
        let open = with_guards(situation.policy(), true, |_| true);
        for way in &situation.case.model.life_cycle.transitions {
            for state in situation
                .states()
                .iter()
                .filter(|state| state.id != way.from)
            {
                let attempt = moving(situation, way, state, phase_of(situation, way));
                for hand in situation.hands().iter().filter(|hand| **hand != Hand::Host) {
                    let refusals = situation.refusals(&open, &attempt, hand);
                    let codes: Vec<_> = refusals.iter().map(code).collect();
                    let only = if state.phase.is_terminal() {
                        "lifecycle.terminal"
                    } else {
                        "lifecycle.not-in-state"
                    };
                    assert_eq!(
                        codes,
                        [only],
                        "{}, `{}` in {}",
                        situation.case.model.id,
                        way.id,
                        state.id
                    );
                }
            }
        }
    });
}

/// Once every yes is there, those who evaluate or prepare changes take on what nothing else will set off.
fn may_take(policy: &Policy, hand: &Hand) -> bool {
    let Hand::Role(role) = hand else { return false };
    policy.may.evaluate.contains(role) || policy.may.edit.contains(role)
}

#[test]
fn a_way_that_is_set_off_is_taken_only_by_those_who_take_it_on() {
    each_model(|situation| {
        let open = with_guards(situation.policy(), true, |_| true);
        let set_off = situation.case.model.life_cycle.transitions.iter();
        for way in set_off.filter(|way| way.by.is_empty()) {
            let state = situation
                .states()
                .iter()
                .find(|state| state.id == way.from)
                .unwrap();
            let attempt = moving(situation, way, state, phase_of(situation, way));
            let takes_on = |hand: &Hand| {
                way.on == Some(Trigger::Authorized) && may_take(situation.policy(), hand)
            };
            let others = situation.hands();
            let others = others
                .iter()
                .filter(|hand| **hand != Hand::Host && !takes_on(hand));
            for hand in others {
                let refusals = situation.refusals(&open, &attempt, hand);
                let codes: Vec<_> = refusals.iter().map(code).collect();
                assert!(
                    codes
                        .iter()
                        .any(|code| code == "role.missing" || code == "lifecycle.not-in-state"),
                    "`{}` by {hand:?}: {codes:?}",
                    way.id
                );
            }
        }
    });
}
