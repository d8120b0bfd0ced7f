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
            harm myself, harming myself, overdos*, jump off the bridge, jump in front of, hang myself,
            can't take it anymore, can't take it any more, cannot take it anymore, can't take any more,
            would miss me, if i was gone, if i were gone, wish i wasn't here, don't want to be here,
            don't want to wake up, do not want to be here, no point in living, no point living,
            no point going on, nothing to live for, cutting herself, cutting himself, cutting themselves,
            cuts herself, cuts himself, cut herself, cut himself, hurting herself, hurting himself,
            harm herself, harm himself, harming herself, harming himself, lot of pills, all the pills,
            taken pills, took pills, taking pills, tablets to end, jump off, jumps off, jumped off,
            jumping off, jumping from, jump from, in front of a train, under a train, ending it,
            end everything, take her life, take his life, can't cope, cannot cope, hopeless,
            isn't worth anything, is not worth anything, life isn't worth, life is not worth, no way out,
            any way out, stopped eating, want it to be over, want it all to be over, talks about death,
            talking about death, talks about dying, ending things, end things, want to disappear,
            wants to disappear, depressed, so depressed, do something stupid, something bad to myself,
            end it
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
            going to regret, a knife, the knife, his knife, her knife, knifed, knifepoint, knives, blade,
            blades, carry blades, gun, guns, gunman, gunmen, gunpoint, gunshot*, shot, shots, rifle*,
            pistol*, shotgun*, hammer, baseball bat, crowbar, acid, threw acid, threat*, make me pay,
            make her pay, make him pay, make you pay, make us pay, punch*, kicked, kicks me, kicks her,
            slap*, smacked me, headbutt*, choked, choking, throttl*, he beats, she beats, dad beats,
            mum beats, husband beats, who beats, beats anyone, beats them, beats his, beats my, beating her,
            beating him, beating his, beats up, beating up, got beaten, was beaten, being beaten, hits him,
            hits them, hits the, hitting her, hitting him, hit her, hit him, attacked, attacking, lynch*,
            mugged, mugging*, robbed at, ambush*, burn that, burn this place, burn the place, burn your,
            burn their, burn it, firebomb*, petrol, torch the, smash your, smash his, smash her,
            break my legs, break his legs, break your legs, outside my flat, outside my house,
            outside my door, outside my home, keeps turning up, turns up at my, follows me, follow me home,
            watching my house, hostage*, beheading, behead*, bleeding, smash*, broke my, broke her,
            broke his arm, pushed me, pushed her, pushed him, pushes me, pushes her, throws things,
            threw things, wants me dead, want me dead, wants her dead, wants him dead, knock* me,
            knock* her, drag* me, drag* her, corner* me, voices telling, gang, gangs, county lines, knife,
            knifes, hit, hits, hitting, bruise*, burns her, burns him, burns me, burns them, burns the,
            burned me, burnt me, by the neck, by the throat, set the dogs, pointed a, points a, beat the,
            beat his, beat my, beaten
        """,
        "abuse": """
            rape, raped, raping, rapist*, rapes, sexual assault*, sexually assault*, sexual abuse*,
            sexually abus*, molest*, groped, grope*, touch* me, abus* me, abus* her, abus* him, abus* them,
            abusive, abuser*, child abuse, abus* a child, abus* children, abusing, being abused, was abused,
            domestic violence, domestic abuse, coercive control, won't let me leave, will not let me leave,
            locked me in, locks me in, groom* a child, grooming, traffick*, forced to marry,
            forced marriage*, honour based, honor based, honour killing*, fgm, female genital,
            modern slavery, forced to work, sex with a child, sex with children, indecent image*,
            child porn*, neglect* a child, neglect* children, upskirt*, touches me, touched me, touches her,
            touched her, touches him, touching me, touching her, grabbed me, grabbed her, gropes, groping,
            grabs me, exposed himself, exposes himself, flashed me, flashing, starv*, malnourished,
            neglected, locked in, locked her, locked him, locked me, locked them, locks her, locks him,
            took my passport, took her passport, took their passport*, taken her passport, without pay,
            not paid at all, no wages, unpaid work*, forced into, being forced, is forced, are forced,
            controls my, controls all, controls me, controls her, controls everything, won't let her,
            won't let him, won't let them, not allowed to leave, not allowed out, can't leave, cannot leave,
            child marriage, underage, under age sex, exploit*, slavery, slave, brothel*, pimp*,
            violent partner, violent husband, violent ex, up my skirt, hands up, hands on me,
            filming children, filming kids, films children, photographing children, when i was little,
            when i was a child, do not tell, don't tell anyone, hasn't been fed, not been fed, isn't fed,
            not fed, her owner, his owner, their owner, doesn't want to marry, does not want to marry,
            wedding she, locked up, used by a gang, touched by, was touched, were touched, sell sex,
            sells sex, for sex, sex with, forces her, forces him, forces me, forces them, forced her,
            forced him, forced me, forced them, locks his, locks the, locks them, locks up, lock her,
            lock him, lock me, to get married, married off, forced marriage, not pay them, doesn't pay them,
            not paid them, keeps their documents, keeps their passport*, taken over my, taken over his,
            taken over her, cuckoo*, hurts animals, groomed
        """,
        "attack": """
            bomb, bombs, bomber*, bombing*, explosive*, blow up, blow it up, blow myself up, blow them up,
            detonat*, grenade*, planning an attack, plan an attack, plan to attack, going to attack,
            will attack, carry out an attack, join isis, joined isis, radicalis*, radicaliz*, jihad*,
            drive into people, drive into a crowd, mass shooting, poison the water, nerve agent, ricin,
            sarin, die for the cause, make them pay, martyr*, extremist*, terrorist cell, join the fight,
            holy war, attack plan*, ram people, run people over, gas attack, explosion*, suspicious device,
            suicide vest, isis, fertiliser, fertilizer, make a device, make a bomb, tampered,
            will know my name, will know his name, will know her name, radical
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
            following me, scared to leave, afraid to leave, scared to leave the house, frightened of,
            frightened to, terrified of, terrified to, scared for, afraid for, fear for, scared of my,
            afraid of my, because of my husband, because of my partner, because of my ex, scream*,
            heard a shot, someone is following, somebody is following, follow* me, send someone,
            send somebody, send help, send the police, come quickly, urgent help, emergency help,
            at risk of harm, going to get hurt, somebody will die, someone will die, before someone dies,
            before somebody dies, before someone gets killed, gone missing, went missing, runaway,
            run away from home, hiding from, cannot go home, can't go home, whispered, bangs on,
            sleeping in my car, hiding, safe with my, safe with him, safe with her, feel safe at home,
            safe in my own home, safe in my home, help now, need help
        """,
    },
    "cy": {
        "self_harm": """
            hunanladd*, lladd fy hun, lladd ei hun, lladd ei hunan, hunan-niwed*, hunan niwed*,
            niweidio fy hun, brifo fy hun, anafu fy hun, eisiau marw, rwyf am farw, dwi am farw,
            rwy'n am farw, diwedd ar fy mywyd, ddim eisiau byw, methu mynd ymlaen, gorddos*, torri ei hun,
            torri fy hun, neidio oddi ar, methu dal ati
        """,
        "violence": """
            lladd, lladdodd, llofrudd*, trywan*, saethu, saethodd, bygwth*, bygyth*, ymosod arnaf,
            ymosod arna i, ymosododd, curo fi, fy nghuro, fy mwrw, fy nharo, taro fi, brifo fi, fy mrifo,
            fy anafu, cyllell, gwn ganddo, dryll*, arf ganddo, asid drosto, stelcian, herwgip*,
            llosgi'r lle, cyllell*, gwn, gynnau, arf, arfau, asid, bygythiad*, curo, cael fy nghuro,
            bwrw hi, taro hi, yn curo, ymosod
        """,
        "abuse": """
            trais rhywiol, treisio*, treisiodd, cam-drin*, camdrin*, cam drin, camdriniaeth, trais domestig,
            trais yn y cartref, priodas dan orfod, masnachu pobl, caethwasiaeth,
            meithrin perthynas amhriodol
        """,
        "attack": "bom, bomiau, bomio, ffrwydr*, cynllunio ymosodiad, ymosodiad terfysgol",
        "danger": """
            mewn perygl, perygl bywyd, ofni am fy mywyd, ofn am fy mywyd, ofn mynd adref, ofn fy ngŵr,
            helpwch fi, angen help nawr, ddim yn ddiogel gartref, yn fy nilyn, dilyn fi, yn dilyn fi,
            ofn gadael, sgrech*, help nawr
        """,
    },
}
