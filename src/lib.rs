//! The core of changegate: what a change request may become, who may make it so, and why not.
//!
//! Pure: time, identity, ids and salts are arguments; no IO, no randomness, no floats. The same code decides in the page
//! and in the host, and gives the same bytes on both.
//!
//! Reading order: [`policy`] is what an organisation wants; a [`draft`] is assessed ([`assessment`]); a [`command`] is
//! decided ([`decide`]) from [`facts`] into [`event`]s, which [`change`] folds; [`log`] seals and verifies; [`report`] takes
//! one gesture through all of that.

pub mod id;
pub mod map;
pub mod text;
pub mod time;
pub mod value;
pub mod wire;

pub mod canonical;
pub mod non_empty;
mod sorted;

pub mod policy;
pub mod rules;
pub mod world;

pub mod draft;
pub mod finding;

pub mod catalogue;
pub mod change;
pub mod command;
pub mod decide;
pub mod due;
pub mod evaluate;
pub mod event;
pub mod evidence;
pub mod facts;
pub mod meeting;
pub mod other;
pub mod publication;
pub mod refusal;
pub mod task;

pub mod adoption;
pub mod assessment;
pub mod handle;
pub mod log;
pub mod notice;
pub mod permit;
pub mod reading;
pub mod report;
pub mod review;
pub mod statement;
pub mod steps;
pub mod waiting;

#[cfg(target_arch = "wasm32")]
pub mod edge;
#[cfg(all(target_arch = "wasm32", feature = "face"))]
pub mod face;
#[cfg(feature = "schema")]
pub mod schema;
