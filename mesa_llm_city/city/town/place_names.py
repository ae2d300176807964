"""Words from which the synthetic town makes its names."""

from __future__ import annotations

__all__ = ["AREAS", "NOUNS", "STREET_KINDS", "STREET_NAMES", "nouns_for"]

STREET_NAMES = (
    "Mill", "Oak", "Station", "Church", "Harbour", "Garden", "Market", "Bridge", "Linden",
    "Castle", "Orchard", "River", "Weaver", "Baker", "Chapel", "Foundry", "School", "Willow",
    "Tanner", "Poplar", "Queen", "King", "Cooper", "Meadow", "Hill", "Spring", "Abbey", "Fisher",
    "Rose", "Birch", "Potter", "Lantern", "Maple", "Quarry", "Elm", "Well", "Canal", "Copper",
    "Heron", "Juniper", "Saddler", "Tower", "Vine", "Wheel", "Ash", "Beech", "Cherry", "Dyer",
    "Falcon", "Glass", "Hazel", "Ivy", "Lark", "Mason", "Noble", "Otter", "Pearl", "Ropemaker",
    "Swan", "Thorn", "Union", "Victory", "Walnut", "Yew", "Acorn", "Bell", "Clover", "Dove",
)  # fmt: skip

STREET_KINDS = ("Street", "Road", "Lane", "Avenue", "Way", "Row")

AREAS = (
    "Old Town", "Northgate", "Eastfield", "Southbank", "Westhill", "Millbrook", "Harbourside",
    "Oakwood", "Fairmead", "Kingsland", "Greenhill", "Riverside", "Ashdown", "Stonebridge",
    "Larkfield", "Highmoor", "Priory", "Brookside", "Coldharbour", "Elmstead", "Foxley",
    "Hawthorn Green", "Ironworks", "Limehouse", "Marshside", "Newlands", "Parkend", "Quayside",
    "Redcliff", "Summerhill", "Thornbury", "Upper Vale", "Weirside", "Whitecross", "Woodend",
    "Belmont", "Claypits", "Dovecote", "Eastgate", "Fernhill", "Grangetown", "Hollybush",
    "Ivywell", "Kestrel Hill", "Longacre", "Moorlands", "Netherfield", "Orchard Park",
)  # fmt: skip

NOUNS = {
    "amenity=restaurant": ("Kitchen", "Grill", "Table", "Trattoria", "Noodle House", "Tavern"),
    "amenity=fast_food": ("Burgers", "Snacks", "Kebab", "Takeaway"),
    "amenity=cafe": ("Coffee", "Café", "Tea Room", "Roastery"),
    "amenity=bar": ("Bar", "Wine Bar", "Taproom"),
    "amenity=pub": ("Arms", "Inn", "Alehouse"),
    "amenity=nightclub": ("Club", "Ballroom"),
    "shop=supermarket": ("Supermarket", "Food Hall"),
    "shop=convenience": ("Corner Shop", "Minimarket", "Express"),
    "shop=bakery": ("Bakery", "Bread & Cake"),
    "shop=clothes": ("Clothes", "Outfitters", "Tailor"),
    "shop=books": ("Books", "Bookshop"),
    "shop=electronics": ("Electronics", "Radio & Phones"),
    "shop=furniture": ("Furniture", "Interiors"),
    "shop=mall": ("Shopping Centre", "Galleries"),
    "shop=hairdresser": ("Hair", "Barber"),
    "shop=florist": ("Flowers",),
    "amenity=bank": ("Bank", "Savings Bank"),
    "amenity=post_office": ("Post Office",),
    "amenity=townhall": ("Town Hall",),
    "amenity=fuel": ("Filling Station",),
    "amenity=pharmacy": ("Pharmacy",),
    "amenity=clinic": ("Clinic", "Health Centre"),
    "amenity=dentist": ("Dental Practice",),
    "amenity=hospital": ("Hospital", "Infirmary"),
    "amenity=school": ("School", "Academy"),
    "amenity=college": ("College",),
    "amenity=university": ("University",),
    "amenity=kindergarten": ("Nursery",),
    "amenity=cinema": ("Cinema", "Picture House"),
    "amenity=theatre": ("Theatre", "Playhouse"),
    "amenity=library": ("Library",),
    "amenity=community_centre": ("Community Centre",),
    "amenity=place_of_worship": ("Chapel", "Church"),
    "tourism=museum": ("Museum",),
    "leisure=park": ("Park", "Gardens", "Green"),
    "leisure=playground": ("Playground",),
    "leisure=fitness_centre": ("Gym", "Fitness"),
    "leisure=sports_centre": ("Sports Centre",),
    "leisure=swimming_pool": ("Baths",),
    "office=company": ("Offices", "House", "Partners", "Works Office"),
    "building=industrial": ("Works", "Mills", "Depot"),
}


def nouns_for(kind: str) -> tuple[str, ...]:
    """Return words for the name of a place of a kind; the kind itself if there are none.

    Examples
    --------
    >>> nouns_for("amenity=bank"), nouns_for("amenity=dojo_hall")
    (('Bank', 'Savings Bank'), ('Dojo Hall',))
    """
    return NOUNS.get(kind, (kind.rpartition("=")[2].replace("_", " ").title(),))
