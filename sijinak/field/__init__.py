"""The officers' offline app: its phones, work packs, and the one door for what they bring."""
