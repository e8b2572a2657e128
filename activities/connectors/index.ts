/** The outside systems that are connected. */
export interface Systems {
  kubernetes?: object;
}
