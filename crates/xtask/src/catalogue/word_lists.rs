//! The word lists that the rules of the catalogue go by. All upper case.

/// Colours, stones that name a colour, and the words that shade them.
pub(crate) const COLOURS: &[&str] = &[
    "AMBER", "AMETHYST", "AQUA", "BLACK", "BLUE", "BRIGHT", "BRONZE", "BROWN", "BURGUNDY", "CHOCOLATE",
    "CLEAR", "COAL", "COPPER", "CREAM", "CRYSTAL", "DARK", "DIAMOND", "DUSTY", "FUCHSIA", "GOLD",
    "GREEN", "GREY", "HOT", "IVORY", "JADE", "JET", "LAVENDER", "LIGHT", "LILAC", "LIME", "MID",
    "MIDNIGHT", "MINT", "MONTANA", "MULTICOLOUR", "NATURAL", "NAVY", "NILE", "NIL", "EAU", "DE", "OLIVE",
    "OPAL", "ORANGE", "PALE", "PASTEL", "PEACH", "PERIDOT", "PINK", "PISTACHIO", "PURPLE", "RASPBERRY",
    "RED", "ROSE", "RUBY", "SILVER", "SKY", "SOFT", "TEAL", "TOPAZ", "TURQUOISE", "WHITE", "WINE",
    "YELLOW",
];

/// Scents of candles and incense; they name an option only where the product is one of those.
pub(crate) const SCENTS: &[&str] = &[
    "ROSE", "OCEAN", "VANILLA", "LAVENDER", "JASMINE", "OPIUM", "SANDALWOOD", "CINNAMON", "STRAWBERRY",
    "ORANGE", "GARDENIA", "CHOCOLATE", "WHITE",
];

/// Words of products that have a scent.
pub(crate) const SCENTED: &[&str] = &["INCENSE", "SCENTED", "CANDLE", "CANDLES", "T-LIGHTS"];

/// Sizes in words; sizes in figures are recognised by their shape.
pub(crate) const SIZES: &[&str] =
    &["LARGE", "MEDIUM", "SMALL", "MINI", "GIANT", "TALL", "JUMBO", "BIG", "STANDARD"];

/// Words that stay in lower case inside a title, and that neither begin nor end an option's value.
pub(crate) const SMALL_WORDS: &[&str] = &[
    "A", "AND", "AS", "AT", "BY", "DE", "DU", "EN", "FOR", "FROM", "IN", "N", "OF", "ON", "OR", "THE", "TO",
    "WITH",
];

/// Words that stay in upper case.
pub(crate) const ACRONYMS: &[&str] =
    &["LED", "USB", "CD", "TV", "WC", "VIP", "UK", "US", "ABC", "II", "DOF", "KG"];

/// Words that describe a design but never say what the thing is; a product needs another word in common.
pub(crate) const DESIGN_WORDS: &[&str] = &[
    "ASSORTED", "BAROQUE", "BLOSSOM", "COLOUR", "DESIGN", "ENGLISH", "FLORAL", "HANGING", "HEARTS", "NEW",
    "PACK", "PAISLEY", "PATTERN", "PIECE", "POLKADOT", "PRINT", "RETROSPOT", "SET", "SIZE", "STYLE", "VINTAGE",
];

/// Words that stand in staff notes, never in a name.
pub(crate) const NOTE_WORDS: &[&str] = &[
    "ADJUST", "ADJUSTMENT", "AMAZON", "BARCODE", "BROKEN", "CHECK", "COUNTED", "CRACKED", "CREDIT", "CRUSHED",
    "DAGAMED", "DAMAGE", "DAMAGED", "DAMAGES", "EBAY", "ERROR", "FAULTY", "FBA", "FOUND", "LOST", "MAILOUT",
    "MIA", "MISSING", "MIX-UP", "MOULDY", "RETURNED", "RUSTY", "SAMPLES", "SHOWROOM", "SMASHED", "SMUDGES",
    "SOLD", "STOCK", "TEST", "THROWN", "UNSALEABLE", "WRONG", "WRONGLY",
];

/// Abbreviations and misspellings of one word.
pub(crate) const WORD_FIXES: &[(&str, &str)] = &[
    ("W", "WITH"),
    ("ASST", "ASSORTED"),
    ("ASSTD", "ASSORTED"),
    ("ASS", "ASSORTED"),
    ("COL", "COLOUR"),
    ("COLOURS", "COLOUR"),
    ("ANT", "ANTIQUE"),
    ("TURQ", "TURQUOISE"),
    ("TURQUOIS", "TURQUOISE"),
    ("FUSCHIA", "FUCHSIA"),
    ("CINAMMON", "CINNAMON"),
    ("STRAWBRY", "STRAWBERRY"),
    ("STRAWBERY", "STRAWBERRY"),
    ("STRAWBERRYDESIGN", "STRAWBERRY DESIGN"),
    ("ARTIIFCIAL", "ARTIFICIAL"),
    ("HYDRANGA", "HYDRANGEA"),
    ("CANDYSTUFT", "CANDYTUFT"),
    ("CEATURE", "CREATURE"),
    ("TASSLE", "TASSEL"),
    ("SANDLEWOOD", "SANDALWOOD"),
    ("LICORICE", "LIQUORICE"),
    ("FRAPPUCINO", "FRAPPUCCINO"),
    ("PAISELY", "PAISLEY"),
    ("BUTTERFILES", "BUTTERFLIES"),
    ("UTILTY", "UTILITY"),
    ("BUDAH", "BUDDHA"),
    ("LAQUERED", "LACQUERED"),
    ("JEWELED", "JEWELLED"),
    ("PANNETONE", "PANETTONE"),
    ("SCANDISPOT", "SCANDINAVIAN SPOT"),
    ("NECKL", "NECKLACE"),
    ("GARLD", "GARLAND"),
    ("DES", "DESIGN"),
    ("MED", "MEDIUM"),
    ("LT", "LIGHT"),
    ("NAT", "NATURAL"),
    ("CHOC", "CHOCOLATE"),
    ("VINT", "VINTAGE"),
    ("RND", "ROUND"),
    ("RECT", "RECTANGULAR"),
    ("BLK", "BLACK"),
    ("WHT", "WHITE"),
    ("WHIT", "WHITE"),
    ("HLDR", "HOLDER"),
    ("DECO.WHITE", "DECO WHITE"),
    ("LT.BLUE", "LIGHT BLUE"),
    ("M/COLOUR", "MULTICOLOUR"),
    ("M.O.P", "MOTHER OF PEARL"),
    ("MOP", "MOTHER OF PEARL"),
    ("D.O.F.", "DOF"),
    ("B'FLY", "BUTTERFLY"),
    ("B'DRAW", "BEDROOM DRAWER"),
    ("P'WEIGHT", "PAPERWEIGHT"),
    ("C/COVER", "CUSHION COVER"),
    ("XMAS", "CHRISTMAS"),
    ("FOLKART", "FOLK ART"),
    ("POPART", "POP ART"),
    ("CAKESTAND", "CAKE STAND"),
    ("CARDHOLDER", "CARD HOLDER"),
    ("CANDLEHOLDER", "CANDLE HOLDER"),
    ("CANDLEPOT", "CANDLE POT"),
    ("DRAWERKNOB", "DRAWER KNOB"),
    ("DOORSIGN", "DOOR SIGN"),
    ("FRUITBOWL", "FRUIT BOWL"),
    ("LIVINGROOM", "LIVING ROOM"),
    ("PHOTOFRAME", "PHOTO FRAME"),
    ("SKETCHBOOK", "SKETCHBOOK"),
    ("SQUARECUSHION", "SQUARE CUSHION"),
    ("SWIRLGLASS", "SWIRL GLASS"),
    ("TEALIGHT", "T-LIGHT"),
    ("WASHBAG", "WASH BAG"),
    ("HAIRSLIDE", "HAIR SLIDE"),
    ("HAIRCLIPS", "HAIR CLIPS"),
    ("BLACKBLUE", "BLACK/BLUE"),
    ("PINKWHITE", "PINK/WHITE"),
    ("BLACKCHRISTMAS", "BLACK CHRISTMAS"),
    ("BAROQUECANDLESTICK", "BAROQUE CANDLESTICK"),
    ("KNICKERBOCKERGLORY", "KNICKERBOCKER GLORY"),
    ("STOPMETAL", "STOP METAL"),
    ("VIPPASSPORT", "VIP PASSPORT"),
    ("DOTCOMGIFTSHOP.COM", "DOTCOMGIFTSHOP"),
    ("CHILDRENS", "CHILDREN'S"),
    ("CHILDS", "CHILD'S"),
    ("KINGS", "KING'S"),
    ("QUEENS", "QUEEN'S"),
    ("GARDENERS", "GARDENER'S"),
    ("DRAGONS", "DRAGON'S"),
    ("GAOLERS", "GAOLER'S"),
    ("LETS", "LET'S"),
    ("'N'", "N"),
];
