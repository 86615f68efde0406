import type { Loan } from './frame-pool.ts';

/** Loans on their way through the stages of a stream. Disposing gives back those that a failure left between two stages. */
export interface OpenLoans extends Disposable {
  add(loan: Loan): void;
  giveBack(loan: Loan): void;
}

export function openLoans(): OpenLoans {
  const open = new Set<Loan>();
  const giveBack = (loan: Loan): void => {
    if (open.delete(loan)) loan.release();
  };
  return {
    add: (loan) => void open.add(loan),
    giveBack,
    [Symbol.dispose]() {
      for (const loan of open) giveBack(loan);
    },
  };
}
