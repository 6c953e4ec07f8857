//! Names corrected by hand: the record cuts a description at 35 characters and abbreviates to fit, and a few words
//! are glued or in an order that only the till understands.

/// Replacements of whole words within a cleaned name, applied in this order.
pub(crate) const PHRASES: &[(&str, &str)] = &[
    ("CHARLIE LOLA", "CHARLIE & LOLA"),
    ("CHARLIE AND LOLA", "CHARLIE & LOLA"),
    ("ART FLOWER", "ARTIFICIAL FLOWER"),
    ("GOLD M PEARL", "GOLD/MOTHER OF PEARL"),
    ("FELT CRAFT", "FELTCRAFT"),
    ("CUP CAKE", "CUPCAKE"),
    ("RETRO SPOT", "RETROSPOT"),
    ("POLKA DOT", "POLKADOT"),
    ("INCENSE/CANDL SET", "INCENSE/CANDLE SET"),
    ("INCENSE/CAND SET", "INCENSE/CANDLE SET"),
    ("EAU DE NIL LOVE", "EAU DE NILE LOVE"),
    ("EAU DE NIL BIRD", "EAU DE NILE BIRD"),
    ("DROP CRYSTAL", "CRYSTAL DROP"),
    ("TABLE RUN FLOWER", "FLOWER TABLE RUNNER"),
    ("LOVE BIRD", "LOVEBIRD"),
    ("NECKL.", "NECKLACE"),
];

/// Names of single codes, cleaned form.
pub(crate) const NAMES: &[(&str, &str)] = &[
    ("16207B", "PINK HEART HANDBAG"),
];

/// The corrected name of a SKU, if its name is corrected by hand.
#[must_use]
pub(crate) fn name(sku: &str) -> Option<&'static str> {
    NAMES.iter().find(|(code, _)| *code == sku).map(|(_, name)| *name)
}
