// A value that is sent and never shown: wherever a request is shown, its shell variable stands instead.

export class Secret {
  #value;

  constructor(variable, value) {
    this.variable = variable;
    this.#value = value;
  }

  /** JSON.stringify sends the value. */
  toJSON() {
    return this.#value;
  }

  reveal() {
    return this.#value;
  }

  toString() {
    return `$${this.variable}`;
  }
}

export const reveal = value => (value instanceof Secret ? value.reveal() : value);
