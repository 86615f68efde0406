/** What a browser keeps between visits; nothing where it refuses to. */
export function keptText(name: string): string | null {
  try {
    return localStorage.getItem(`reelmend.${name}`);
  } catch {
    return null;
  }
}

export function keepText(name: string, text: string): void {
  try {
    localStorage.setItem(`reelmend.${name}`, text);
  } catch {
    // It then holds for this visit.
  }
}
