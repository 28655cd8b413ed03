import { css } from "lit";

/** How lists, boards and notices look. */
export const listStyles = css`
  .root {
    display: grid;
    gap: var(--_space);
  }
  h2,
  h3,
  p,
  ul,
  ol,
  dl {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h2 {
    font-size: 1.25em;
    line-height: 1.3;
  }
  h3 {
    font-size: 1.0625em;
    line-height: 1.3;
  }
  a {
    color: var(--_accent);
    overflow-wrap: anywhere;
  }
  a:focus-visible,
  summary:focus-visible,
  input:focus-visible {
    outline: 3px solid var(--_focus);
    outline-offset: 2px;
  }
  .rows {
    display: grid;
    gap: 0.5rem;
  }
  .row {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.25rem;
    padding: 0.75rem 1rem;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  .row.exception {
    border-inline-start: 0.25rem solid var(--_warns);
  }
  .row.late {
    border-inline-start: 0.25rem solid var(--_stops);
  }
  .title {
    font-weight: 600;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: 0.125rem 0.75rem;
    color: var(--_muted);
    font-size: 0.9375em;
  }
  .tag {
    display: inline-block;
    padding: 0.0625rem 0.5rem;
    border-radius: 1rem;
    background: var(--_raised);
    color: var(--_text);
  }
  .asks {
    font-weight: 600;
  }
  .reminded {
    font-weight: 600;
  }
  .late-since {
    color: var(--_stops);
    font-weight: 600;
  }
  :is(select, textarea, input):not([type="checkbox"], [type="radio"], [type="file"]) {
    inline-size: 100%;
    min-block-size: 2.75rem;
    padding: 0.5rem 0.75rem;
    border: 1px solid var(--_edge);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: inherit;
    font: inherit;
  }
  .search {
    display: grid;
    gap: 0.25rem;
    max-inline-size: 30rem;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }
  .choice {
    display: flex;
    gap: 0.75rem;
    align-items: start;
  }
  .choice input[type="checkbox"] {
    flex: none;
    inline-size: 1.5rem;
    block-size: 1.5rem;
    margin: 0;
  }
  .choice > div {
    display: grid;
    gap: 0.25rem;
    min-inline-size: 0;
  }
  .progress {
    display: flex;
    gap: 0.25rem;
    max-inline-size: 16rem;
  }
  .progress span {
    flex: 1;
    block-size: 0.375rem;
    border-radius: 0.25rem;
    background: var(--_border);
  }
  .progress .on {
    background: var(--_accent);
  }
  .part {
    display: grid;
    gap: 0.5rem;
  }
  .present {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
  }
  fieldset {
    min-inline-size: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  .present input {
    inline-size: 1.25rem;
    block-size: 1.25rem;
  }
  .present label {
    display: flex;
    gap: 0.5rem;
    align-items: center;
    min-block-size: 2rem;
  }
  .note,
  .quiet {
    color: var(--_muted);
  }
  p.quiet {
    font-weight: 400;
    text-decoration: none;
  }
  .said {
    white-space: pre-line;
    overflow-wrap: anywhere;
  }
  /* The card of a decision lays itself out by the room that it has here. */
  changegate-record {
    container-type: inline-size;
  }
  @media print {
    .search,
    .buttons,
    input[type="checkbox"] {
      display: none;
    }
  }
`;

/** How records that are no changes look: what they hold, how versions differ, what happened, and what is open in them. */
export const recordStyles = css`
  .root {
    container-type: inline-size;
  }
  h4 {
    margin: 0;
    font-size: 1em;
    line-height: 1.35;
  }
  h5 {
    margin: 0.5rem 0 0;
    color: var(--_muted);
    font-size: 0.9375em;
  }
  :is(h2, h3, h4):focus {
    outline: none;
  }
  :is(h2, h3, h4):focus-visible {
    outline: 3px solid var(--_focus);
    outline-offset: 2px;
  }
  p[role="status"]:empty {
    display: none;
  }
  p[data-said] {
    padding-inline-start: 0.75rem;
    border-inline-start: 3px solid var(--_accent);
    font-weight: 600;
  }
  .row {
    gap: 0.5rem;
    min-inline-size: 0;
  }
  .row > *,
  .part > * {
    min-inline-size: 0;
  }
  .tag.status {
    border: 1px solid var(--_border);
    font-weight: 600;
  }
  .tag:is(.suspended, .expired) {
    background: var(--_high);
    color: var(--_on-high);
  }
  .tag:is(.probation, .proposed) {
    background: var(--_middle);
    color: var(--_on-middle);
  }
  .tag.active {
    background: var(--_low);
    color: var(--_on-low);
  }
  .waits,
  .panel {
    display: grid;
    gap: 0.75rem;
    padding: 0.875rem 1rem;
    border-radius: var(--_radius);
    background: var(--_raised);
  }
  .panel {
    border: 1px solid var(--_edge);
  }
  .panel .tag {
    background: var(--_surface);
  }
  details {
    min-inline-size: 0;
  }
  summary {
    min-block-size: 2rem;
    padding-block: 0.25rem;
    cursor: pointer;
  }
  details[open] > summary {
    margin-block-end: 0.5rem;
  }
  .links,
  .reasons {
    display: grid;
    gap: 0.375rem;
    padding-inline-start: 1.25rem;
    list-style: disc;
  }
  .reasons code {
    overflow-wrap: anywhere;
  }
  .history {
    display: grid;
    gap: 0.75rem;
    padding-inline-start: 1rem;
    border-inline-start: 2px solid var(--_border);
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
    overflow-wrap: anywhere;
  }
  .entry dd {
    min-inline-size: 0;
    margin: 0;
    overflow-wrap: anywhere;
  }
  .compared {
    display: grid;
    gap: 0.5rem 1.5rem;
    grid-template-columns: minmax(0, 1fr);
  }
  .compared del {
    color: var(--_muted);
  }
  .compared del:has(ul) {
    text-decoration: none;
  }
  .compared ins {
    text-decoration: none;
  }
  div.since {
    display: grid;
    gap: 0.25rem;
    padding-inline-start: 0.75rem;
    border-inline-start: 3px solid var(--_border);
  }
  .since .entries {
    padding-block-start: 0.5rem;
  }
  .compared > .after {
    padding-inline-start: 0.75rem;
    border-inline-start: 3px solid var(--_accent);
  }
  textarea.code {
    max-block-size: 12rem;
    font-family: ui-monospace, monospace;
    font-size: 0.875em;
  }
  .sets {
    display: grid;
    gap: 0;
  }
  .set {
    display: grid;
    gap: 0.25rem 1.5rem;
    padding-block: 0.625rem;
    border-block-end: 1px solid var(--_border);
  }
  .set > * {
    min-inline-size: 0;
  }
  .set .quiet {
    min-block-size: 2rem;
    padding: 0.25rem 0;
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
  @container (inline-size > 40rem) {
    .entry {
      grid-template-columns: minmax(8rem, 14rem) 1fr;
    }
    .compared {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    .set {
      grid-template-columns: minmax(0, 1fr) 12rem;
    }
  }
  @media print {
    .panel,
    .why-not {
      display: none;
    }
  }
`;
