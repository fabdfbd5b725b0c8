// JSON values as they arrive from outside.
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
