/** The fields of parsed JSON, checked as they are taken. Throws on what is not there or of another type. */
export class Fields {
  readonly #fields: ReadonlyMap<string, unknown>

  constructor(json: unknown) {
    if (typeof json !== 'object' || json === null) throw new Error('not an object')
    this.#fields = new Map(Object.entries(json))
  }

  at(name: string): unknown {
    return this.#fields.get(name)
  }

  text(name: string): string {
    return text(this.at(name), name)
  }

  textOrNull(name: string): string | null {
    return textOrNull(this.at(name), name)
  }

  whole(name: string): number {
    return whole(this.at(name), name)
  }

  number(name: string): number {
    const value = this.at(name)
    if (typeof value !== 'number') throw new Error(`${name} is not a number`)
    return value
  }

  oneOf<const T extends string>(name: string, choices: readonly T[]): T {
    const found = choices.find((choice) => choice === this.at(name))
    if (found === undefined) throw new Error(`${name} is none of ${choices.join(', ')}`)
    return found
  }

  list<T>(name: string, decode: (item: unknown, name: string) => T): T[] {
    const value = this.at(name)
    if (!Array.isArray(value)) throw new Error(`${name} is not a list`)
    return value.map((item: unknown) => decode(item, name))
  }
}

export function text(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new Error(`${name} is not text`)
  return value
}

export function textOrNull(value: unknown, name: string): string | null {
  return value === null ? null : text(value, name)
}

export function whole(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Error(`${name} is not a whole number`)
  return value
}
