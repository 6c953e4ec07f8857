const PREFIX = 'tidegate-playground:';

const ownKeys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

/** The browser's storage under our own prefix: other tools that were served from the same address keep theirs. */
export const storage = {
  get length() {
    return ownKeys().length;
  },
  getItem: (key) => localStorage.getItem(PREFIX + key),
  setItem: (key, value) => localStorage.setItem(PREFIX + key, value),
  removeItem: (key) => localStorage.removeItem(PREFIX + key),
  clear: () => ownKeys().forEach((key) => localStorage.removeItem(key)),
};
