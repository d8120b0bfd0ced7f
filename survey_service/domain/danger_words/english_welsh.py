"""English and Welsh."""

from typing import Literal

Kind = Literal["self_harm", "violence", "abuse", "attack", "danger"]
"""Harm to oneself; violence or a threat of it; abuse of somebody; an attack on many; somebody in danger."""

WordLists = dict[Kind, str]
"""Phrases, separated by commas."""

WORDS: dict[str, WordLists] = {
    "en": {
        "self_harm": """
            suicid*, kill myself, kill himself, kill herself, kill themselves, killing myself, end my life,
            ending my life, take my own life, took his own life, took her own life, end it all, want to die,
            wants to die, wish i was dead, wish i were dead, better off dead, no reason to live,
            not worth living, don't want to live, do not want to live, can't go on, cannot go on,
            self harm*, self-harm*, selfharm*, cutting myself, cut myself, hurt myself, hurting myself,
            harm myself, harming myself, overdos*, jump off the bridge, jump in front of, hang myself
        """,
        "violence": """
            kill, kills, killed, killing, killer*, murder*, stab, stabs, stabbed, stabbing*, shoot, shoots,
            shooting*, shot dead, got shot, was shot, strangl*, chok* me, chok* her, chok* him, beat me,
            beats me, beating me, beats her, beats him, beat her, beat up, beaten up, hit me, hits me,
            hitting me, hits her, punched me, punch* me, kicked me, slapped me, hurt me, hurts me, hurt him,
            hurt her, hurt them, hurt someone, hurt somebody, going to hurt, attacked me, attack me,
            attacked by, assault*, threaten*, threat to my, threats against me, death threat*, acid attack*,
            throw acid, has a knife, have a knife, with a knife, with knives, carr* a knife, carr* knives,
            pulled a knife, machete*, has a gun, have a gun, with a gun, with guns, carr* a gun, carr* guns,
            firearm*, weapon at, weapon in, hidden weapon*, followed me home, stalk*, kidnap*, abduct*,
            hold me hostage, held hostage, set fire to, burn it down, burn down, get revenge,
            going to regret
        """,
        "abuse": """
            rape, raped, raping, rapist*, rapes, sexual assault*, sexually assault*, sexual abuse*,
            sexually abus*, molest*, groped, grope*, touch* me, abus* me, abus* her, abus* him, abus* them,
            abusive, abuser*, child abuse, abus* a child, abus* children, abusing, being abused, was abused,
            domestic violence, domestic abuse, coercive control, won't let me leave, will not let me leave,
            locked me in, locks me in, groom* a child, grooming, traffick*, forced to marry,
            forced marriage*, honour based, honor based, honour killing*, fgm, female genital,
            modern slavery, forced to work, sex with a child, sex with children, indecent image*,
            child porn*, neglect* a child, neglect* children, upskirt*
        """,
        "attack": """
            bomb, bombs, bomber*, bombing*, explosive*, blow up, blow it up, blow myself up, blow them up,
            detonat*, grenade*, planning an attack, plan an attack, plan to attack, going to attack,
            will attack, carry out an attack, join isis, joined isis, radicalis*, radicaliz*, jihad*,
            drive into people, drive into a crowd, mass shooting, poison the water, nerve agent, ricin,
            sarin, die for the cause, make them pay
        """,
        "danger": """
            in danger, my life is at risk, life is at risk, lives at risk, fear for my life,
            afraid for my life, scared for my life, fear for my safety, afraid for my safety,
            fear for her life, fear for his life, scared to go home, afraid to go home,
            scared of my husband, afraid of my husband, scared of my partner, afraid of my partner,
            scared of him, afraid of him, scared of her, afraid of her, please help me, help me please,
            need help now, need urgent help, call the police now, going to die, i will die, she will die,
            they will die, people will die, he is going to, someone will get hurt, somebody will get hurt,
            someone will get killed, missing child, child is missing, not safe at home, unsafe at home,
            following me
        """,
    },
    "cy": {
        "self_harm": """
            hunanladd*, lladd fy hun, lladd ei hun, lladd ei hunan, hunan-niwed*, hunan niwed*,
            niweidio fy hun, brifo fy hun, anafu fy hun, eisiau marw, rwyf am farw, dwi am farw,
            rwy'n am farw, diwedd ar fy mywyd, ddim eisiau byw, methu mynd ymlaen, gorddos*
        """,
        "violence": """
            lladd, lladdodd, llofrudd*, trywan*, saethu, saethodd, bygwth*, bygyth*, ymosod arnaf,
            ymosod arna i, ymosododd, curo fi, fy nghuro, fy mwrw, fy nharo, taro fi, brifo fi, fy mrifo,
            fy anafu, cyllell, gwn ganddo, dryll*, arf ganddo, asid drosto, stelcian, herwgip*,
            llosgi'r lle
        """,
        "abuse": """
            trais rhywiol, treisio*, treisiodd, cam-drin*, camdrin*, cam drin, camdriniaeth, trais domestig,
            trais yn y cartref, priodas dan orfod, masnachu pobl, caethwasiaeth,
            meithrin perthynas amhriodol
        """,
        "attack": "bom, bomiau, bomio, ffrwydr*, cynllunio ymosodiad, ymosodiad terfysgol",
        "danger": """
            mewn perygl, perygl bywyd, ofni am fy mywyd, ofn am fy mywyd, ofn mynd adref, ofn fy ngŵr,
            helpwch fi, angen help nawr, ddim yn ddiogel gartref, yn fy nilyn
        """,
    },
}
