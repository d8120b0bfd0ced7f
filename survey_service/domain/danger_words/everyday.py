"""Turns of phrase that are no danger though they hold its words: taken out of a text before it is read.

Each names a thing as what kills or hits, or goes on in a way that leaves no doubt: "my job is killing me" is
gone, "he is killing me" stays. As they are normalised: small letters, no accents.
"""

_THING = (
    "jobs?|work|stairs?|steps|walk|climb|heat|cold|noise|traffic|commute|knees?|feet|back|legs|head|rents?|"
    "prices?|bills?|rates?|costs?|tax(?:es)?|charges?|fees|queues?|waiting|boredom|smell|forms?|surveys?|"
    "parking|inflation|red tape|lockdowns?|cuts|roadworks?|road works|pandemic|recession|strikes?"
)
_THOSE = (
    "me|us|you|everyone|everybody|them|business(?:es)?|trade|traders|shops|footfall|"
    "(?:small|local|our|the) (?:business(?:es)?|trade|traders|shops|high street|footfall|town|street|market)"
)

_FILLED = (
    "(?: (?:is|are|was|were|has|have|had|been|nearly|almost|really|just|absolutely|slowly|all|also|still))*"
)
"""Nothing but these in between: "my boss at work says he will kill me" is no turn of phrase."""

EVERYDAY = "|".join(
    (
        "(?:knife|gun|acid) (?:crimes?|amnest[a-z]+|arch[a-z]*)",
        rf"(?:{_THING}){_FILLED} kill(?:s|ed|ing)? (?:{_THOSE})",
        rf"(?:{_THING}){_FILLED} hit(?:s|ting)? (?:{_THOSE})(?: hard| badly)?",
        "stab in the back",
        "bombard(?:s|ed|ing)?(?: [a-z]+)? with",
        "bombs? of colou?r|bath bombs?|photobomb[a-z]*",
        "threats? to (?:small |local |our |the )*(?:traders?|business(?:es)?|shops?|trade|wildlife|trees?|"
        "environment|economy|high street|heritage|nature|jobs)",
        "killer (?:views?|deals?|apps?|features?|prices?|whales?)",
        "acid (?:rain|jazz|house|test)",
        "modern slavery (?:history|museum|exhibitions?|training|statements?|act)",
        "(?:talk|exhibition|lecture|course|training) on (?:modern )?slavery",
        "way out of the (?:car park|station|building|shop|market|library|one way)",
        "need(?:s|ed)? help (?:with|to fill in|filling in) (?:the |my |this |our |these )?"
        "(?:forms?|website|app|survey|password|applications?|computer|bins?)",
        "touched by (?:the|your|their|his|her) (?:kindness|help|support|gesture|letter|service|story)",
        "follow (?:me|us|you) on (?:social media|twitter|instagram|facebook|linkedin|tiktok)",
        "(?:bruit|travaux|chaleur|prix|travail|boulot|loyers?) (?:me|nous) tue(?:nt)?",
    )
)
"""A regular expression between word borders."""
