/** A file that the run command wrote. */
export interface OutputFile {
  readonly name: string
  readonly text: string
}

/** What a parser reads of one run. */
export interface Output {
  /** What the option `reads` names. */
  readonly text: string
  /** How long the run command ran. */
  readonly seconds: number
  /** Files by name or pattern in the trial's folder; an error where there is none. */
  files(pattern: string): readonly OutputFile[]
  readonly signal: AbortSignal
}
