/** The platform as `platform.json` describes it. */
export interface Platform {
  name: string;
}
