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
    padding: 0.0625rem 0.5rem;
    border-radius: 1rem;
    background: var(--_raised);
    color: var(--_text);
  }
  .asks {
    font-weight: 600;
  }
  .late-since {
    color: var(--_stops);
    font-weight: 600;
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
  .said {
    white-space: pre-line;
    overflow-wrap: anywhere;
  }
  @media print {
    .search,
    .buttons,
    input[type="checkbox"] {
      display: none;
    }
  }
`;
