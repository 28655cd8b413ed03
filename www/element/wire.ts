// The shapes that cross the boundary, generated from the core's own schema.
export type * from "./generated/wire.js";
