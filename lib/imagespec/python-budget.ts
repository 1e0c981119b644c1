/** Work that reading may do, counted rather than timed, so that it is the same on every machine. */
export class Budget {
  readonly limit: number;
  spent = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Takes `amount` and says whether there was enough left. */
  spend(amount = 1): boolean {
    this.spent += amount;
    return this.spent <= this.limit;
  }
}
