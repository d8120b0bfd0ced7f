"""Words that mean the same in survey questions, for telling a repeated question from a merely similar one.

English only. Each line is one meaning: its words and phrases, in any order. Words are compared by their
stems, so one form of each is enough; a phrase is several words and is looked for before its words are.
"""

MEANINGS: tuple[tuple[str, ...], ...] = (
    # Places and organisations
    ("city", "square mile"),
    ("corporation", "council", "local authority", "guildhall"),
    ("police", "policing", "constabulary", "police force", "force"),
    ("area", "neighbourhood", "where you live", "street", "streets", "local", "locality", "community"),
    ("home", "house", "flat", "apartment"),
    ("work", "office", "workplace", "at work"),
    ("business", "company", "organisation", "firm", "employer", "enterprise"),
    ("premises", "building", "site"),
    ("place", "location", "spot"),
    ("near", "close", "next to", "nearby"),
    ("website", "web site", "web page", "web pages"),
    ("online", "internet", "over the web", "on the web", "electronically"),
    ("pavement", "footway", "sidewalk"),
    # People
    ("personal", "personally"),
    ("organiser", "organised", "organising", "organise"),
    ("officer", "policeman", "police officer", "police officers", "constable"),
    ("resident", "people who live", "inhabitant", "live", "lived", "living"),
    ("colleague", "somebody you work with", "co-worker", "coworker", "workmate", "people you work with"),
    ("people", "person", "everyone", "everybody", "public", "individual"),
    ("employee", "staff", "people work", "workforce", "worker", "people employed"),
    ("speaker", "presenter", "lecturer"),
    ("child", "kid", "son", "daughter", "children"),
    ("relative", "family", "parent", "elderly relatives", "household"),
    ("guard", "security guard", "security guards", "doorman"),
    ("court", "judge", "magistrate"),
    ("insurer", "insurance", "insurance company"),
    ("witness", "witnessed"),
    ("victim", "target", "fall prey"),
    # Times
    ("year", "12 months", "twelve months", "last year", "past year", "last 12 months", "past 12 months",
     "previous 12 months", "previous year", "year ago", "last twelve months", "past twelve months"),
    ("quarter", "three months", "3 months", "last three months", "past three months", "last 3 months",
     "past 3 months"),
    ("halfyear", "six months", "6 months", "past six months", "last six months",
     "last 6 months", "past 6 months"),
    ("month", "last month", "past month", "last 30 days", "four weeks", "4 weeks"),
    ("week", "7 days", "seven days", "weekly"),
    ("night", "dark", "after dark", "evening", "at night", "night-time", "nighttime", "after sunset"),
    ("daytime", "during the day", "by day", "in daylight", "daylight"),
    ("weekend", "saturday", "sunday", "saturdays and sundays"),
    ("weekday", "working day"),
    ("next", "in future", "coming"),
    ("national", "nationally", "in the country", "across the country"),
    ("when", "at what time", "what time", "how long ago"),
    # Feeling and judging
    ("satisfied", "happy", "dissatisfied", "content", "pleased", "rate", "rating", "satisfaction", "good job",
     "think of", "good", "find"),
    ("safe", "secure", "unsafe", "safer", "safety", "security"),
    ("worried", "concerned", "worry", "concern", "fear", "afraid", "anxious"),
    ("trust", "faith", "trusted"),
    ("confident", "confidence", "confidently", "sure"),
    ("informed", "up to date", "updated", "know about", "kept informed", "aware of what"),
    ("know", "aware", "heard of", "familiar", "knowledge"),
    ("easy", "difficult", "simple", "hard", "easily", "ease"),
    ("clear", "understandable", "easy to understand", "clarity", "plain"),
    ("useful", "helpful", "valuable", "usefulness"),
    ("important", "importance", "matter", "matters"),
    ("fair", "fairly", "fairness", "equally", "justly"),
    ("respect", "respectful", "respectfully", "politely", "polite", "courteous", "courtesy"),
    ("quick", "fast", "quickly", "speed", "promptly", "swift", "soon"),
    ("problem", "issue", "nuisance", "trouble"),
    ("noisy", "noise", "loud"),
    ("support", "favour", "in favour", "approve"),
    ("enough", "sufficient", "sufficiently", "adequate"),
    ("less", "decrease", "fewer than"),
    ("timely", "on time", "in time"),
    ("layout", "design", "look and feel"),
    ("priority", "priorities", "focus", "concentrate"),
    ("prefer", "preferred", "preference", "best", "suit", "would like", "like to"),
    ("improve", "better", "improvement", "do better"),
    ("understand", "understanding", "grasp"),
    ("listen", "pay attention", "take notice", "hear what"),
    # Doing
    ("report", "reported", "reporting"),
    ("contact", "get in touch", "reach us", "get hold", "hear from"),
    ("reach", "get to", "accessible"),
    ("visit", "come to", "visiting", "go to the city"),
    ("attend", "go to", "come along", "take part", "participate", "attended", "went to"),
    ("travel", "transport", "commute", "journey"),
    ("read", "reader", "reading"),
    ("find out", "hear about", "hear", "learn about", "learned about"),
    ("call", "ring", "phone", "telephone", "dial"),
    ("use", "used"),
    ("see", "notice", "spot", "recognise", "visible", "observe"),
    ("patrol", "patrolling", "on the beat"),
    ("receive", "get", "are sent", "sent", "get sent"),
    ("recommend", "recommendation", "suggest to"),
    ("deal", "handle", "handled", "dealt", "dealing with"),
    ("cooperate", "work together", "collaborate", "cooperation", "joint working"),
    ("consult", "ask for your views", "seek your views"),
    ("test", "rehearse", "exercise", "drill"),
    ("leave", "move out", "move away", "moving out"),
    ("increase", "gone up", "more", "grow", "rise", "risen", "go up", "changed", "gone down", "fewer",
     "up or down"),
    ("install", "in place", "fit", "fitted", "put in"),
    ("steal", "stolen", "theft", "stole"),
    # Things
    ("burglary", "broken into", "break-in", "burgle", "burglar", "breaking in"),
    ("terrorism", "terror", "terrorist", "terror attack", "terrorist attack", "terrorist attacks", "attack"),
    ("fraud", "fraudulent", "scam", "phishing", "defrauded", "con"),
    ("cyber", "cybercrime", "cyber crime", "online crime", "hacking"),
    ("drug", "drugs", "narcotics", "drug dealing", "dealing drugs", "people dealing drugs"),
    ("antisocial", "anti-social behaviour", "antisocial behaviour", "asb", "nuisance behaviour"),
    ("begging", "beggar", "people asking for money"),
    ("roughsleeping", "rough sleeper", "rough sleepers", "rough sleeping", "homelessness", "homeless people"),
    ("bicycle", "bike", "cycle", "cycling", "cyclist", "cyclists", "ride"),
    ("stand", "rack", "bicycle parking"),
    ("email", "e-mail", "mail"),
    ("text", "text message", "text messages", "sms", "texts"),
    ("alert", "warning", "notification"),
    ("message", "communication"),
    ("newsletter", "skyline", "skyline newsletter", "bulletin"),
    ("socialmedia", "social media", "social network", "social networks"),
    ("follow", "follower"),
    ("cctv", "camera", "surveillance camera", "cctv camera", "cctv cameras"),
    ("armed", "armed officer", "armed police", "armed officers", "firearms officers", "officers with guns"),
    ("stopsearch", "stop and search", "stopped and searched", "stop and searches"),
    ("lighting", "lit", "light", "street lighting", "lighting of streets"),
    ("suspicious", "suspicion"),
    ("prevention", "prevent", "preventing"),
    ("emergencyplan", "emergency plan", "plan for emergencies", "contingency plan", "continuity plan"),
    ("nonemergency", "101", "non-emergency number", "non-emergency"),
    ("survey", "questionnaire", "poll"),
    ("content", "contents"),
    ("topic", "subject", "theme"),
    ("comment", "anything else", "any other comments", "remark", "further comments"),
    ("reason", "why", "what was the reason", "what is the reason", "main reason"),
    ("sector", "industry", "line of business", "trade"),
    ("age", "old", "how old", "date of birth", "age group", "age band"),
    ("gender", "sex", "male", "female", "man or woman"),
    ("disability", "disabled", "impairment"),
    ("ethnic", "ethnicity", "ethnic group", "ethnic background", "race"),
    ("postcode", "post code", "postal code"),
    ("half", "first part", "first half", "outward part"),
    ("length", "too long", "too short", "about right", "long is"),
    ("howoften", "how often", "how frequently", "frequency", "how regularly"),
    ("howlong", "how long", "how many years", "number of years"),
    ("howmany", "how many", "number of", "what number"),
    ("member", "membership"),
    ("meeting", "get-together"),
    ("venue", "hall", "event location"),
    ("event", "occasion"),
    ("subscribe", "sign up", "signed up"),
    ("learn", "learned", "learnt", "find out at"),
)

_FRAME_WORDS = """
    a an the of to in on at for from with by about into as and or but if than that this these those it its
    there here is are was were be been being am do does did done have has had having can could would should
    will may might must you your yours yourself we us our ours i me my they them their he she his her
    how what which who whom whose where extent overall account everything taking into level degree
    feel feels feeling think thinks thought believe view opinion say please tell describe consider
    very rather quite just ever any some all own much well likely likelihood expect
    give given take taken made make way kind type sort look
    over during past last currently now then today
    dissatisfied or not too up down out so because also whether one go come keep kept want wanted
    need needed using subject number
"""
FRAME = frozenset(_FRAME_WORDS.split())
"""Words that frame a question and do not say what it is about."""

LIGHT = frozenset(
    {"city", "police", "area", "people", "find", "use", "see", "receive", "job", "issue", "satisfied",
     "prefer", "attend", "visit"}
)  # fmt: skip
"""Meanings that stand in very many questions, so that sharing them says little."""

NARROWING = frozenset(
    {"reason", "howoften", "howlong", "howmany", "when", "year", "quarter", "halfyear", "month", "week",
     "weekend", "next", "know", "night", "daytime", "child", "relative", "work", "home", "first", "decide",
     "national", "venue", "content", "layout", "length", "price", "fire", "personal"}
)  # fmt: skip
"""Meanings that make another question of it when only one of the two has them: how often is not how long."""

CONTRASTS: tuple[frozenset[str], ...] = (
    frozenset({"night", "daytime", "weekend", "weekday"}),
    frozenset({"police", "corporation", "court", "insurer", "guard", "government", "hospital", "school",
               "bank"}),
    frozenset({"officer", "councillor", "guard", "speaker", "organiser"}),
    frozenset({"resident", "business", "visitor", "employee", "victim", "witness", "child", "relative"}),
    frozenset({"year", "quarter", "halfyear", "month", "week", "day", "hour"}),
    frozenset({"reason", "howoften", "howlong", "howmany", "when"}),
    frozenset({"increase", "less"}),
    frozenset({"join", "leave"}),
    frozenset({"home", "work", "transport", "premises"}),
    frozenset({"newsletter", "website", "alert", "app", "leaflet", "survey", "event", "meeting", "webinar"}),
    frozenset({"terrorism", "fraud", "burglary", "cyber", "drug", "antisocial", "begging", "roughsleeping",
               "stopsearch", "robbery", "pickpocket", "litter", "parking", "drunkenness", "noisy",
               "assault"}),
    frozenset({"content", "layout", "length", "design"}),
    frozenset({"clear", "useful", "timely", "easy"}),
    frozenset({"nonemergency", "999"}),
)  # fmt: skip
"""Meanings that exclude each other: a question about one is not a question about another."""
