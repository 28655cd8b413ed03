//! Who may do what with a template, and why not.

use crate::canonical;
use crate::draft::Content;
use crate::evaluate::{Subject, evaluate, least_level};
use crate::facts::{CatalogueFact, Facts, Known, LeadTimeFact};
use crate::finding::{Finding, FindingCode, Severity};
use crate::id::{ChangeId, FieldId, LevelId, PersonId, TemplateId};
use crate::other::{Hand, Ruling, unless};
use crate::policy::{Authorization, ChangeModel, FactName, Phase, Policy, TrustRule};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::value::{Digest, Words};

use super::sample::is_same_kind;
use super::{
    Sample, TemplateContent, TemplateEvent, TemplateRecord, TemplateStatus, TemplateStep,
    TemplateVersion,
};

/// Decides a step. Texts are sealed, and so are the record's.
///
/// # Errors
/// Every refusal that applies.
pub(crate) fn decide(
    hand: &Hand<'_>,
    record: Option<&TemplateRecord>,
    step: &TemplateStep,
) -> Ruling<TemplateEvent> {
    match (step, record) {
        (
            TemplateStep::Propose {
                template,
                content,
                level,
                samples,
                ..
            },
            None,
        ) => {
            let offer = Offer {
                content,
                level: level.as_ref(),
                samples,
            };
            propose(hand, template, &offer)
        }
        (TemplateStep::Import { .. }, record) => import(hand, record, step),
        (TemplateStep::Propose { .. }, Some(_)) => Err(vec![Refusal::RecordExists {}]),
        (_, None) => Err(vec![Refusal::RecordUnknown {}]),
        (_, Some(record)) => Kept { hand, record }.decide(step),
    }
}

/// What is proposed.
#[derive(Clone, Copy)]
struct Offer<'a> {
    content: &'a TemplateContent,
    level: Option<&'a LevelId>,
    samples: &'a [ChangeId],
}

/// Proposes a template that there was not.
fn propose(hand: &Hand<'_>, template: &TemplateId, offer: &Offer<'_>) -> Ruling<TemplateEvent> {
    let person = hand.person()?;
    let mut refusals = may_propose(hand, offer.content);
    let taken = hand.catalogue().is_some_and(|fact| fact.taken);
    if taken || template.as_str().trim().is_empty() {
        refusals.push(Refusal::TemplateExists {
            template: template.clone(),
        });
    }
    let (level, faults) = judged(hand, offer.content, offer.level);
    refusals.extend(faults);
    refusals.extend(strange_samples(hand.catalogue()));
    unless(refusals, || {
        proposed(hand, person, template, 1, offer, level)
    })
}

fn may_propose(hand: &Hand<'_>, content: &TemplateContent) -> Vec<Refusal> {
    match hand.policy.trust_in(&content.model) {
        Some(rule) => hand.lacks(&rule.propose).into_iter().collect(),
        None => vec![Refusal::TemplateNoRule {
            model: content.model.clone(),
        }],
    }
}

fn strange_samples(fact: Option<&CatalogueFact>) -> Vec<Refusal> {
    let strange = |sample: &Sample| {
        Some(Refusal::TemplateSample {
            change: sample.change.clone(),
            fault: sample.fault?,
        })
    };
    let samples = fact.map(|fact| fact.samples.as_slice());
    samples
        .unwrap_or_default()
        .iter()
        .filter_map(strange)
        .collect()
}

/// The level with which a template would be approved, and what is wrong with it.
fn judged(
    hand: &Hand<'_>,
    content: &TemplateContent,
    stated: Option<&LevelId>,
) -> (LevelId, Vec<Refusal>) {
    let policy = hand.policy;
    let Some(model) = policy.model(content.model.as_str()) else {
        let model = content.model.clone();
        return (
            LevelId(String::new()),
            vec![Refusal::ModelUnknown { model }],
        );
    };
    let subject = subject(hand, model, &content.fields);
    let evaluation = evaluate(&subject);
    let facts = at_best_time(hand);
    let least = least_level(&Subject {
        facts: facts.as_ref().unwrap_or(hand.facts),
        ..subject
    });
    let least = least.unwrap_or_else(|| evaluation.risk.level.clone());
    let level = stated.unwrap_or(&least).clone();
    let mut refusals = Vec::new();
    if policy.rank(&level) < policy.rank(&least) {
        refusals.push(Refusal::TemplateLevel { least });
    }
    if !matches!(model.authorization, Authorization::PreApproved { .. }) {
        refusals.push(Refusal::TemplateModel {
            model: model.id.clone(),
        });
    }
    if !content.name.values().any(|words| !words.is_blank()) {
        refusals.push(Refusal::TextMissing {});
    }
    refusals.extend(names(policy, content));
    let faults = evaluation.findings.iter();
    refusals.extend(
        faults
            .filter(|finding| speaks_of(finding, &content.fields))
            .map(|finding| Refusal::Content {
                finding: finding.clone(),
            }),
    );
    (level, refusals)
}

/// The facts of a template at the best time for its work: what only the day of use can tell is judged then, when a change above
/// the level of its template asks the rules of that level.
fn at_best_time(hand: &Hand<'_>) -> Option<Facts> {
    if !hand.rules.since(Rules::V3) {
        return None;
    }
    let mut facts = hand.facts.clone();
    facts.lead_time = facts.lead_time.or(Some(LeadTimeFact {
        at_least: false,
        working_days: Some(i64::MAX),
        minutes: i64::MAX,
    }));
    let mut known = facts.known.iter();
    if !known.any(|known| known.name == FactName::Conflicts) {
        facts.known.push(Known {
            name: FactName::Conflicts,
            value: 0,
            asked: false,
        });
    }
    Some(facts)
}

fn subject<'a>(hand: &Hand<'a>, model: &'a ChangeModel, fields: &'a Content) -> Subject<'a> {
    Subject {
        rules: hand.rules,
        policy: hand.policy,
        model,
        content: fields,
        phase: Phase::Draft,
        facts: hand.facts,
        acts: &[],
        change: None,
    }
}

/// What stops what is fixed. What is open is missing, and is no fault of a template.
fn speaks_of(finding: &Finding, fields: &Content) -> bool {
    let fixed = finding
        .fields
        .first()
        .is_some_and(|field| fields.contains_key(field));
    let missing = finding.code == FindingCode::Required;
    fixed && !missing && finding.severity == Severity::Stops
}

/// Fields that the policy does not have, or that are both fixed and open.
fn names(policy: &Policy, content: &TemplateContent) -> Vec<Refusal> {
    let unknown = |field: &&FieldId| policy.field(field.as_str()).is_none();
    let unknown = content.open.iter().filter(unknown);
    let unknown = unknown.map(|field| Refusal::Content {
        finding: Finding::of(FindingCode::UnknownField, Severity::Stops, field),
    });
    let both = content
        .open
        .iter()
        .filter(|field| content.fields.contains_key(*field));
    let both = both.map(|field| Refusal::TemplateFixedAndOpen {
        field: field.clone(),
    });
    unknown.chain(both).collect()
}

fn proposed(
    hand: &Hand<'_>,
    by: &PersonId,
    template: &TemplateId,
    version: u32,
    offer: &Offer<'_>,
    level: LevelId,
) -> Vec<TemplateEvent> {
    let Offer {
        content, samples, ..
    } = *offer;
    vec![TemplateEvent::Proposed {
        by: by.clone(),
        at: hand.now,
        template: template.clone(),
        version,
        content: content.clone(),
        content_hash: canonical::hash(content),
        level,
        samples: crate::sorted::distinct(samples)
            .into_iter()
            .cloned()
            .collect(),
    }]
}

/// Takes a template over from the host's file: at first sight, and later where no people agree to templates of its model.
fn import(
    hand: &Hand<'_>,
    record: Option<&TemplateRecord>,
    step: &TemplateStep,
) -> Ruling<TemplateEvent> {
    let TemplateStep::Import {
        template,
        version,
        content,
        level,
        active,
        successes,
        failures,
    } = step
    else {
        return Err(vec![Refusal::RecordUnknown {}]);
    };
    let mut refusals: Vec<Refusal> = hand.not_host().into_iter().collect();
    if let Some(record) = record {
        let rule = hand.policy.trust_in(&content.model);
        if rule.is_some_and(|rule| !rule.agree.is_empty()) {
            refusals.push(Refusal::TemplateTakesTwo {});
        }
        let stands = record.agreed.as_ref().map_or(0, |agreed| agreed.version);
        if record.template != *template || *version <= stands {
            refusals.push(Refusal::TemplateExists {
                template: template.clone(),
            });
        }
    } else if hand.catalogue().is_some_and(|fact| fact.taken) {
        refusals.push(Refusal::TemplateExists {
            template: template.clone(),
        });
    }
    unless(refusals, || {
        vec![TemplateEvent::Imported {
            at: hand.now,
            template: template.clone(),
            version: *version,
            content: content.clone(),
            content_hash: canonical::hash(content),
            level: level.clone(),
            active: *active,
            successes: *successes,
            failures: *failures,
        }]
    })
}

/// Whether a version needs samples: the first, and one for other work than the version in use, or after trust was lost.
pub(crate) fn needs_samples(
    policy: &Policy,
    record: &TemplateRecord,
    content: &TemplateContent,
    status: Option<TemplateStatus>,
) -> bool {
    let same = record
        .agreed
        .as_ref()
        .is_some_and(|agreed| is_same_kind(policy, content, &agreed.content));
    !(same && status.is_some_and(TemplateStatus::is_usable))
}

/// A step of a template that there is.
#[derive(Clone, Copy)]
struct Kept<'a> {
    hand: &'a Hand<'a>,
    record: &'a TemplateRecord,
}

impl<'a> Kept<'a> {
    fn decide(&self, step: &TemplateStep) -> Ruling<TemplateEvent> {
        if self.record.retired.is_some() {
            return Err(vec![Refusal::TemplateRetired {}]);
        }
        match step {
            TemplateStep::Propose { .. } | TemplateStep::Import { .. } => {
                Err(vec![Refusal::RecordExists {}])
            }
            TemplateStep::Revise {
                content,
                level,
                samples,
                ..
            } => self.revise(&Offer {
                content,
                level: level.as_ref(),
                samples,
            }),
            TemplateStep::Agree {
                version,
                content_hash,
            } => self.agree(*version, *content_hash),
            TemplateStep::Decline { version, reason } => self.decline(*version, reason),
            TemplateStep::Suspend { reason } => self.suspend(reason),
            TemplateStep::Reinstate { reason } => self.reinstate(reason),
            TemplateStep::Retire { reason } => self.retire(reason),
            TemplateStep::Lapse {} => self.lapse(),
            TemplateStep::Promote {} => self.promote(),
        }
    }

    fn rule(&self) -> Option<&'a TrustRule> {
        let version = self.record.current()?;
        self.hand.policy.trust_in(&version.content.model)
    }

    /// The rules that govern it: where nothing of it is left to say of which model it is, all of them.
    fn rules(&self) -> Vec<&'a TrustRule> {
        match self.record.current() {
            Some(_) => self.rule().into_iter().collect(),
            None => self.hand.policy.trust.iter().collect(),
        }
    }

    fn status(&self) -> Option<TemplateStatus> {
        let standing = self.hand.catalogue()?.standing.as_ref()?;
        Some(standing.status)
    }

    /// Only those who may agree to it.
    fn may_agree(&self) -> Vec<Refusal> {
        match self.rule() {
            Some(rule) => self.hand.lacks(&rule.agree).into_iter().collect(),
            None => self.no_rule().into_iter().collect(),
        }
    }

    fn no_rule(&self) -> Option<Refusal> {
        let version = self.record.current()?;
        Some(Refusal::TemplateNoRule {
            model: version.content.model.clone(),
        })
    }

    /// Proposes a new version, in place of one that waits.
    fn revise(&self, offer: &Offer<'_>) -> Ruling<TemplateEvent> {
        let person = self.hand.person()?;
        let mut refusals = may_propose(self.hand, offer.content);
        // While nothing of it was left, another may have taken its name.
        if self.hand.catalogue().is_some_and(|fact| fact.taken) {
            refusals.push(Refusal::TemplateExists {
                template: self.record.template.clone(),
            });
        }
        let (level, faults) = judged(self.hand, offer.content, offer.level);
        refusals.extend(faults);
        refusals.extend(strange_samples(self.hand.catalogue()));
        let agreed = self.record.agreed.as_ref();
        let proposed_before = self.record.proposed.as_ref();
        let declined = self.record.declined.as_ref();
        let highest = agreed
            .map(|version| version.version)
            .into_iter()
            .chain(proposed_before.map(|version| version.version))
            .chain(declined.map(|no| no.version))
            .max()
            .unwrap_or(0);
        unless(refusals, || {
            proposed(
                self.hand,
                person,
                &self.record.template,
                highest.saturating_add(1),
                offer,
                level,
            )
        })
    }

    /// The version that waits, where it is the one that was seen.
    fn waiting(&self, seen: u32) -> Result<&'a TemplateVersion, Vec<Refusal>> {
        let waits = self.record.proposed.as_ref();
        waits
            .filter(|proposed| proposed.version == seen)
            .ok_or_else(|| vec![Refusal::ProposalNone {}])
    }

    /// Agrees to what was seen. It takes two: the proposer never does.
    ///
    /// # Source
    /// NIST SP 800-53 AC-5, separation of duties.
    fn agree(&self, version: u32, seen: Digest) -> Ruling<TemplateEvent> {
        let person = self.hand.person()?;
        let waits = self.waiting(version)?;
        let mut refusals = self.may_agree_to(waits);
        if seen != waits.content_hash {
            refusals.push(Refusal::ProposalChanged {
                seen,
                stands: waits.content_hash,
            });
        }
        if waits.proposed_by.as_ref() == Some(person) {
            refusals.push(Refusal::ProposalOwn {});
        }
        if waits.agreed_by.contains(person) {
            refusals.push(Refusal::ProposalAgreed {});
        }
        refusals.extend(judged(self.hand, &waits.content, Some(&waits.level)).1);
        refusals.extend(self.too_few_samples(waits));
        unless(refusals, || self.agreed(person, waits))
    }

    fn may_agree_to(&self, waits: &TemplateVersion) -> Vec<Refusal> {
        let model = &waits.content.model;
        match self.hand.policy.trust_in(model) {
            Some(rule) => self.hand.lacks(&rule.agree).into_iter().collect(),
            None => vec![Refusal::TemplateNoRule {
                model: model.clone(),
            }],
        }
    }

    fn too_few_samples(&self, waits: &TemplateVersion) -> Option<Refusal> {
        let Hand { policy, .. } = *self.hand;
        let need = policy.trust_in(&waits.content.model)?.successes;
        let samples = self
            .hand
            .catalogue()
            .map(|fact| fact.samples.as_slice())
            .unwrap_or_default();
        let fit = samples.iter().filter(|sample| sample.fault.is_none());
        let have = u32::try_from(fit.count()).unwrap_or(u32::MAX);
        let asked = needs_samples(policy, self.record, &waits.content, self.status());
        (asked && have < need).then_some(Refusal::TemplateSamples { have, need })
    }

    fn agreed(&self, person: &PersonId, waits: &TemplateVersion) -> Vec<TemplateEvent> {
        let rule = self.hand.policy.trust_in(&waits.content.model);
        let need = rule.and_then(|rule| rule.yeses).unwrap_or(1).max(1);
        let have = waits.agreed_by.len().saturating_add(1);
        let enough = u32::try_from(have).is_ok_and(|have| have >= need);
        let usable = self.status().is_some_and(TemplateStatus::is_usable);
        let agreed = TemplateEvent::Agreed {
            by: person.clone(),
            at: self.hand.now,
            version: waits.version,
        };
        let activated = enough.then_some(TemplateEvent::Activated {
            at: self.hand.now,
            version: waits.version,
            anew: !usable,
        });
        std::iter::once(agreed).chain(activated).collect()
    }

    fn decline(&self, version: u32, reason: &Words) -> Ruling<TemplateEvent> {
        let person = self.hand.person()?;
        let waits = self.waiting(version)?;
        // Whoever proposed it may take it back.
        let mut refusals = if waits.proposed_by.as_ref() == Some(person) {
            Vec::new()
        } else {
            self.may_agree_to(waits)
        };
        refusals.extend(unreasoned(reason));
        unless(refusals, || {
            vec![TemplateEvent::Declined {
                by: person.clone(),
                at: self.hand.now,
                version,
                reason: reason.clone(),
            }]
        })
    }

    fn suspend(&self, reason: &Words) -> Ruling<TemplateEvent> {
        let person = self.hand.person()?;
        let mut refusals = self.may_agree();
        refusals.extend(unreasoned(reason));
        if self.record.agreed.is_none() {
            refusals.push(Refusal::TemplateNeverAgreed {});
        }
        if self.record.suspended.is_some() {
            refusals.push(Refusal::TemplateSuspended {});
        }
        unless(refusals, || {
            vec![TemplateEvent::Suspended {
                by: person.clone(),
                at: self.hand.now,
                reason: reason.clone(),
            }]
        })
    }

    /// Lets it be used again. Whoever proposed the version in use does not decide that.
    fn reinstate(&self, reason: &Words) -> Ruling<TemplateEvent> {
        let person = self.hand.person()?;
        let mut refusals = self.may_agree();
        refusals.extend(unreasoned(reason));
        match &self.record.agreed {
            None => refusals.push(Refusal::TemplateNeverAgreed {}),
            Some(agreed) if agreed.proposed_by.as_ref() == Some(person) => {
                refusals.push(Refusal::ProposalOwn {});
            }
            Some(_) => {}
        }
        if self.status().is_some_and(TemplateStatus::is_usable) {
            refusals.push(Refusal::TemplateNotSuspended {});
        }
        unless(refusals, || {
            vec![TemplateEvent::Reinstated {
                by: person.clone(),
                at: self.hand.now,
                reason: reason.clone(),
            }]
        })
    }

    fn retire(&self, reason: &Words) -> Ruling<TemplateEvent> {
        let person = self.hand.person()?;
        let rules = self.rules();
        let either = rules
            .iter()
            .flat_map(|rule| rule.propose.iter().chain(&rule.agree));
        let either: Vec<_> = either.cloned().collect();
        let mut refusals: Vec<Refusal> = match self.no_rule() {
            Some(refusal) if rules.is_empty() => vec![refusal],
            _ => self.hand.lacks(&either).into_iter().collect(),
        };
        refusals.extend(unreasoned(reason));
        refusals.extend(self.given_up_alone(person));
        unless(refusals, || {
            vec![TemplateEvent::Retired {
                by: person.clone(),
                at: self.hand.now,
                reason: reason.clone(),
            }]
        })
    }

    /// What several people put in force is not given up by one: somebody suspends it, which is the safe direction, and somebody
    /// else retires it. Where its figures ended its trust, that is no one person's doing.
    fn given_up_alone(&self, person: &PersonId) -> Option<Refusal> {
        let suspended = self.record.suspended.as_ref();
        let own = suspended.is_some_and(|suspended| suspended.by == *person);
        let usable = self.status().is_some_and(TemplateStatus::is_usable);
        let in_force = self.record.agreed.is_some() && (own || suspended.is_none() && usable);
        let alone = self.hand.rules.since(Rules::V3) && in_force;
        alone.then_some(Refusal::TemplateRetireTakesTwo {})
    }

    /// Records what the figures say, where they say that it may not be used.
    fn lapse(&self) -> Ruling<TemplateEvent> {
        let mut refusals: Vec<Refusal> = self.hand.not_host().into_iter().collect();
        let standing = self
            .hand
            .catalogue()
            .and_then(|fact| fact.standing.as_ref());
        let lapsed = standing.filter(|standing| {
            let by_figures = matches!(
                standing.status,
                TemplateStatus::Suspended | TemplateStatus::Expired
            );
            by_figures && self.record.suspended.is_none() && self.record.lapsed.is_none()
        });
        if lapsed.is_none() {
            refusals.push(Refusal::TemplateAsRecorded {});
        }
        unless(refusals, || {
            let event = |standing: &super::Standing| TemplateEvent::Lapsed {
                at: self.hand.now,
                status: standing.status,
                because: standing.because.clone(),
            };
            lapsed.map(event).into_iter().collect()
        })
    }

    /// Records that its probation is over.
    fn promote(&self) -> Ruling<TemplateEvent> {
        let mut refusals: Vec<Refusal> = self.hand.not_host().into_iter().collect();
        let over = self.status() == Some(TemplateStatus::Active);
        if !over || self.record.probation_from.is_none() {
            refusals.push(Refusal::TemplateAsRecorded {});
        }
        unless(refusals, || {
            vec![TemplateEvent::Promoted { at: self.hand.now }]
        })
    }
}

fn unreasoned(reason: &Words) -> Option<Refusal> {
    reason.is_blank().then_some(Refusal::ReasonMissing {})
}
