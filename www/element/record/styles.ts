import { css } from "lit";
import { decisionStyles, mapStyles, partStyles } from "./part-styles.js";

/** The record: what it has beside the controls and the columns of the form. */
export const recordStyles = css`
  changegate-record {
    display: block;
  }
  .record {
    display: grid;
    gap: calc(var(--_space) * 1.5);
    min-inline-size: 0;
  }
  .record :is(p, ul, ol, dl, dd, h2, h3, h4) {
    margin: 0;
  }
  .record :is(ul, ol) {
    padding: 0;
    list-style: none;
  }
  .record .notice {
    display: grid;
    gap: 0.625rem;
  }
  .record .notice > ul {
    padding-inline-start: 1.25rem;
    list-style: disc;
  }
  .said {
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  q.said {
    display: block;
    margin-block-start: 0.25rem;
    padding-inline-start: 0.75rem;
    border-inline-start: 3px solid var(--_border);
    quotes: none;
  }

  .record-head {
    display: grid;
    gap: 0.5rem;
  }
  .record-number {
    color: var(--_muted);
    font-size: 0.9375em;
    font-variant-numeric: tabular-nums;
  }
  .record-title {
    font-size: 1.5em;
    font-weight: 700;
    line-height: 1.25;
    overflow-wrap: anywhere;
    text-wrap: balance;
  }
  .record-title:focus {
    outline: none;
  }
  .record-tags {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
    align-items: center;
  }
  .state {
    padding: 0.125rem 0.75rem;
    border: 1px solid currentColor;
    border-radius: 2rem;
    color: var(--_accent);
    font-weight: 600;
  }
  .state:is([data-phase="closed"], [data-phase="canceled"]) {
    color: var(--_muted);
  }
  .state[data-phase="rejected"] {
    color: var(--_stops);
  }
  .record-waits {
    font-weight: 600;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 2rem;
    font-size: 0.9375em;
  }
  .fact {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.5rem;
  }
  .fact dt {
    color: var(--_muted);
  }

  .record-next {
    display: grid;
    gap: 0.75rem;
    padding: 1rem 1.125rem;
    border-radius: var(--_radius);
    background: var(--_raised);
  }
  .next {
    display: grid;
    gap: 0.5rem;
  }
  .record .section-title {
    font-size: 1.1875em;
    line-height: 1.3;
  }
  .gesture {
    display: grid;
    gap: calc(var(--_space) * 1.25);
    padding: 1.125rem;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  .gesture:focus {
    outline: none;
  }
  .gesture-title {
    font-size: 1.125em;
  }
  .record-waiting {
    display: grid;
    gap: 0.75rem;
  }
  .record-waiting:empty {
    display: none;
  }
  .versions {
    display: grid;
    gap: 1rem;
  }

  .content,
  .content-section,
  .comments {
    display: grid;
    gap: 0.875rem;
    min-inline-size: 0;
    align-content: start;
  }
  .content {
    gap: calc(var(--_space) * 1.75);
  }
  .record .content-section .section-title {
    padding-block-end: 0.375rem;
    border-block-end: 1px solid var(--_border);
    font-size: 1.0625em;
  }
  .entries {
    display: grid;
    gap: 0.875rem;
  }
  .entry {
    display: grid;
    gap: 0 1.5rem;
    min-inline-size: 0;
  }
  .entry dt {
    color: var(--_muted);
    font-size: 0.9375em;
  }
  .entry dd {
    min-inline-size: 0;
  }
  .rows-table {
    inline-size: 100%;
    border-collapse: collapse;
    font-size: 0.9375em;
  }
  .rows-table :is(th, td) {
    padding: 0.375rem 0.75rem 0.375rem 0;
    border-block-end: 1px solid var(--_border);
    overflow-wrap: anywhere;
    text-align: start;
    vertical-align: top;
  }

  .votes,
  .events,
  .log {
    display: grid;
    gap: 0.375rem;
  }
  .log {
    gap: 0.875rem;
  }
  .vote.void .vote-said {
    color: var(--_muted);
    text-decoration: line-through;
  }
  .vote.yes .vote-said::before {
    content: "✓ " / "";
  }
  .vote.no .vote-said::before {
    content: "✕ " / "";
  }
  .authorized {
    color: var(--_on-low);
    font-weight: 600;
  }
  .log-entry {
    padding-inline-start: 0.875rem;
    border-inline-start: 2px solid var(--_border);
  }
  .log-head {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.5rem;
    align-items: baseline;
  }
  .log-head time {
    color: var(--_muted);
    font-size: 0.875em;
  }
  .hash {
    color: var(--_muted);
    font-size: 0.8125em;
    overflow-wrap: anywhere;
  }
  .verify,
  .verdict {
    display: grid;
    gap: 0.5rem;
    justify-items: start;
  }
  .verdict {
    margin-block-start: 0.5rem;
    padding: 0.75rem;
    border-radius: var(--_radius);
    background: var(--_low);
    color: var(--_on-low);
  }
  .verdict.bad {
    background: var(--_high);
    color: var(--_on-high);
  }
  .verdict :is(.hash, .note) {
    color: inherit;
  }
  .flag {
    border-color: currentColor;
    color: var(--_warns);
  }

  @container (inline-size <= 30rem) {
    .rows-table thead {
      display: none;
    }
    .rows-table :is(tr, td) {
      display: block;
    }
    .rows-table td {
      padding-block: 0;
      border: 0;
    }
    .rows-table td::before {
      content: attr(data-label) ": ";
      color: var(--_muted);
    }
    .rows-table tr {
      padding-block: 0.375rem;
      border-block-end: 1px solid var(--_border);
    }
  }

  @container (inline-size > 40rem) {
    .entry {
      grid-template-columns: minmax(8rem, 14rem) 1fr;
    }
    .versions {
      grid-template-columns: 1fr 1fr;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .gesture {
      animation: appear 0.15s ease-out;
    }
    @keyframes appear {
      from {
        opacity: 0;
      }
    }
  }
  ${mapStyles}
  ${partStyles}
  ${decisionStyles}
`;
