"""Dutch, French, German, Italian, Portuguese, Spanish."""

from survey_service.domain.danger_words.english_welsh import WordLists

WORDS: dict[str, WordLists] = {
    "nl": {
        "self_harm": """
            zelfmoord*, zelfdoding*, zelfverminking*, mezelf doden, mezelf van kant, mijn leven beëindigen,
            wil dood, wil niet meer leven, wil sterven, mezelf pijn doen, mezelf snijden, overdosis,
            kan niet meer, van de brug springen, snijdt zichzelf, pillen geslikt
        """,
        "violence": """
            vermoord*, doodslaan, doodmaken, doden, doodschieten, neersteken, neergestoken, steekt,
            gestoken, neerschieten, neergeschoten, bedreig*, doodsbedreiging*, slaat mij, slaat me,
            sloeg me, slaan mij, mishandel*, aangevallen, wurg*, met een mes, heeft een mes, vuurwapen*,
            pistool, heeft een wapen, zuuraanval*, ontvoer*, gijzel*, stalk*, brandsticht*, wapen, wapens,
            geweer, schoten, zuur, slaat, geslagen, klappen, schopt, bloedt, dreigt, gedreigd, achtervolg*
        """,
        "abuse": """
            verkracht*, aangerand, aanranding*, seksueel misbruik, misbruikt, misbruik van, kindermisbruik,
            kindermishandeling, huiselijk geweld, mensenhandel, uithuwelij*, gedwongen huwelijk, loverboy*,
            zit aan mij, opgesloten, zonder loon, gedwongen, dwingt, uitgebuit, slavernij
        """,
        "attack": """
            bom, bommen, bomaanslag*, aanslag plegen, explosie*, opblazen, handgranaat*, jihad*
        """,
        "danger": """
            in gevaar, levensgevaar, vrees voor mijn leven, bang voor mijn leven, bang voor mijn man,
            help me, help mij, durf niet naar huis, niet veilig thuis, achtervolgt mij, achtervolgt me,
            bang voor, ben bang, geschreeuw, gegil, stuur iemand, vermist
        """,
    },
    "fr": {
        "self_harm": """
            suicid*, me tuer, se tuer, me suis coup*, mettre fin à mes jours, mettre fin à ma vie,
            mettre fin à ses jours, en finir avec la vie, envie de mourir, veux mourir, voudrais mourir,
            plus envie de vivre, ne veux plus vivre, me faire du mal, automutil*, me scarifi*, scarific*,
            me pendre, surdose*, overdose*, en finir, plus la force, ne plus vivre, sauter du pont,
            se coupe, se mutile, avalé des cachets, veut mourir, parle de mort, parler de mort,
            parle de mourir
        """,
        "violence": """
            tuer, tue, tuera, tué, tués, assassin*, meurtr*, poignard*, égorg*, coup de couteau,
            coups de couteau, avec un couteau, a un couteau, tirer sur, tiré sur, fusill*, arme à feu,
            armes à feu, a une arme, avec une arme, pistolet*, menac*, menace de mort, menaces de mort,
            me frappe, m'a frappé*, me bat, m'a battu*, me tape, m'a tapé*, frapp* ma, agress*, étrangl*,
            tabass*, attaqu* à l'acide, jet d'acide, enlev* un enfant, kidnapp*, séquestr*, harcèl*,
            me suit partout, va le regretter, mettre le feu, vengeance, couteau*, arme, armes, armé, armés,
            revolver*, coup de feu, coups de feu, fusil*, acide, frappe, frappent, frappé, frappée, battu,
            battue, bat sa, bat ses, bat son, menace, gifl*, cogne*, violent, violente, saigne, du sang,
            me suit, brûler, incendi*, poussé dans, poussée
        """,
        "abuse": """
            viol, viols, violé*, violer, violeur*, violence conjugale, violences conjugales,
            agression sexuelle, agressions sexuelles, abus sexuel*, abuse de, attouchement*, inceste,
            pédophil*, maltrait*, mariage forcé, mariages forcés, excision, traite des êtres, proxénét*,
            esclavage, m'empêche de sortir, m'enferme, femme battue, enfant battu, touche les enfants,
            m'a touchée, m'a touché, enfermé*, sans salaire, passeport confisqué, forcée, forcé à, exploit*,
            esclave*, enferme, enfermée
        """,
        "attack": """
            bombe*, attentat*, explos*, faire sauter, kamikaze*, grenade*, djihad*, radicalis*
        """,
        "danger": """
            en danger, danger de mort, peur pour ma vie, crains pour ma vie, peur de mon mari,
            peur de rentrer chez moi, peur de lui, aidez-moi, aidez moi, au secours, besoin d'aide urgente,
            pas en sécurité chez moi, il me suit, enfant disparu, vais mourir, va mourir, peur de sortir,
            peur de mon, peur de ma, terrorisé*, cris, crie, hurle*, envoyez quelqu'un, disparu, disparue
        """,
    },
    "de": {
        "self_harm": """
            suizid*, selbstmord*, umbringen, mir das leben nehmen, mein leben beenden, das leben nehmen,
            will sterben, möchte sterben, will nicht mehr leben, nicht mehr leben, lebensmüde,
            selbst verletz*, selbstverletz*, mich ritzen, ritze mich, überdosis, kann nicht mehr,
            keinen sinn mehr, von der brücke springen, springe von, tabletten geschluckt, schneidet sich,
            nicht mehr aufwachen
        """,
        "violence": """
            töten, tötet, getötet, tötung*, töte, ermord*, mord, morde, mörder*, morddrohung*,
            bringt mich um, bringe ich um, erstech*, erstochen, niedergestochen, messerangriff*,
            mit einem messer, hat ein messer, erschieß*, erschoss*, schusswaffe*, hat eine waffe,
            mit einer waffe, pistole*, bedroh*, gedroht, drohung*, schlägt mich, schlug mich,
            hat mich geschlagen, verprügel*, zusammengeschlagen, würgt, gewürgt, angegriffen, überfallen,
            misshandel*, säureangriff*, entführ*, geiselnahme, stalk*, verfolgt mich, brandstift*, anzünden,
            rache, messer, messern, waffe, waffen, gewehr*, schüsse, schuss, geschossen, säure, geschlagen,
            schlägt, schlagen, schlug, prügel*, ohrfeig*, würg*, tritt mich, blutet, droht, verfolgt,
            lauert, brennt das, rächen, gegen die wand, gestoßen, schubst*
        """,
        "abuse": """
            vergewaltig*, sexuell missbrauch*, sexueller missbrauch, missbraucht, kindesmissbrauch,
            missbrauch von kindern, sexuelle nötigung, begrapscht, häusliche gewalt, zwangsheirat*,
            zwangsehe*, menschenhandel, genitalverstümmel*, kinderpornogra*, sperrt mich ein, fasst mich an,
            angefasst, begrapsch*, eingesperrt, sperrt sie ein, ohne lohn, gezwungen, zwingt,
            pass weggenommen, ausgebeutet, sklav*, vernachlässigt, sperrt, sperren, einsperr*
        """,
        "attack": """
            bombe*, sprengstoff*, in die luft jagen, in die luft sprengen, anschlag plan*, anschlag verüb*,
            einen anschlag, handgranate*, dschihad*, radikalisier*, amoklauf*, amok laufen
        """,
        "danger": """
            in gefahr, lebensgefahr, angst um mein leben, fürchte um mein leben, angst vor meinem mann,
            angst vor ihm, angst nach hause, hilf mir, helft mir, bitte helfen sie mir,
            brauche dringend hilfe, nicht sicher zu hause, werde sterben, kind wird vermisst, angst vor,
            habe angst, schreie, schreit um hilfe, hilferuf*, schicken sie jemanden, vermisst,
            traue mich nicht, schreit, schreien
        """,
    },
    "it": {
        "self_harm": """
            suicid*, uccidermi, ammazzarmi, togliermi la vita, farla finita, voglio morire, vorrei morire,
            non voglio più vivere, autolesion*, farmi del male, mi taglio, overdose, non ce la faccio più,
            buttarmi, si taglia, preso pillole
        """,
        "violence": """
            uccid*, ucciso, uccisa, uccisi, uccidere, ammazz*, omicid*, assassin*, accoltell*, pugnal*,
            con un coltello, ha un coltello, sparare, sparato, spara, sparatoria, arma da fuoco,
            ha una pistola, ha un'arma, pistola, minacci*, mi picchia, mi ha picchiat*, picchia, picchiat*,
            mi colpisce, aggredi*, strangol*, acido addosso, sequestr*, rapito, rapita, stalk*,
            mi perseguita, dare fuoco, vendetta, se ne pentirà, coltello*, coltelli, arma, armi, pistola*,
            fucile, spari, acido, picchiare, picchiano, botte, schiaff*, pugno, calci, sangue, mi segue,
            bruciare
        """,
        "abuse": """
            stupr*, violenza sessuale, violenze sessuali, abuso sessuale, abusi sessuali, abusat*, molest*,
            violenza domestica, maltratt*, pedofil*, matrimonio forzato, matrimoni forzati,
            tratta di esseri, schiavitù, mi chiude in casa, mi tocca, mi ha toccat*, rinchius*, senza paga,
            costrett*, obbligat*, sfrutta*, schiav*, rinchiude, chiude in
        """,
        "attack": "bomba, bombe, attentat*, esplosiv*, far esplodere, granata, jihad*, radicalizz*",
        "danger": """
            in pericolo, pericolo di vita, temo per la mia vita, paura per la mia vita, paura di mio marito,
            paura di lui, paura di tornare a casa, aiutatemi, aiutami, ho bisogno di aiuto, mi segue,
            ho paura, ha paura, paura di uscire, urla, mandate qualcuno, scomparso, scomparsa
        """,
    },
    "pt": {
        "self_harm": """
            suicíd*, suicid*, matar-me, me matar, acabar com a minha vida, tirar a própria vida,
            quero morrer, queria morrer, não quero viver, automutil*, cortar-me, me cortar, me magoar,
            magoar-me, não aguento mais, acabar com tudo, saltar da ponte, corta-se, tomei comprimidos
        """,
        "violence": """
            matar, mata, matou, mataram, assassin*, homicíd*, esfaque*, facada*, com uma faca, tem uma faca,
            tiro em, tiros, tiroteio*, arma de fogo, tem uma arma, com uma arma, pistola*, ameaç*, bate-me,
            me bate, me bateu, bateu-me, espanc*, agred*, agress*, estrangul*, ácido na cara, sequestr*,
            rapt*, persegue-me, me persegue, pôr fogo, vingança, faca, facas, navalha*, arma, armas,
            espingarda*, disparo*, ácido, bate, batem, batido, murro*, pontapé*, sangue, persegue, queimar
        """,
        "abuse": """
            viola-me, violou-me, violação, violador*, estupr*, abuso sexual, abusos sexuais, abusad*,
            abusou, assédio sexual, violência doméstica, maus-tratos, maus tratos, pedofil*, pedófil*,
            casamento forçado, tráfico de pessoas, escravidão, escravatura, molest*, tocou-me, me tocou,
            trancad*, sem salário, obrigad*, forçad*, explorad*, escrav*
        """,
        "attack": """
            bomba, bombas, bombista*, atentad*, explosiv*, explodir, granada*, jihad*, radicaliz*
        """,
        "danger": """
            em perigo, perigo de vida, temo pela minha vida, medo pela minha vida, medo do meu marido,
            medo dele, medo de ir para casa, ajudem-me, me ajudem, me ajude, socorro, vou morrer,
            tenho medo, tem medo, medo de sair, gritos, mandem alguém, desaparecid*
        """,
    },
    "es": {
        "self_harm": """
            suicid*, matarme, quitarme la vida, acabar con mi vida, quiero morir, quisiera morir,
            no quiero vivir, autolesion*, hacerme daño, cortarme, sobredosis, seguir viviendo,
            ya no puedo más, no puedo más, sin ganas de vivir, tirarme del puente, se corta, tomé pastillas,
            quitarse la vida, cortes en, se hace cortes
        """,
        "violence": """
            matar, mata, mató, mataron, matando, matarla, matarlo, matarme, matarte, asesin*, homicid*,
            apuñal*, acuchill*, con un cuchillo, tiene un cuchillo, con una navaja, navajazo*, disparar,
            disparó, disparos, tiroteo*, arma de fuego, armas de fuego, tiene un arma, con un arma,
            pistola*, amenaz*, me pega, me pegó, me golpe*, golpeó, paliza, agred*, agresi*, estrangul*,
            ácido en la cara, secuestr*, me persigue, me sigue, acosador*, prender fuego, venganza,
            cuchillo*, navaja*, arma, armas, disparo*, ácido, pega, pegan, pegó, pegado, golpea*, golpean,
            puñetazo*, patada*, apunta con, sangre, me vigila, quemar, incendi*, me agarró, agarr*,
            me siguió, empuj*
        """,
        "abuse": """
            violar, viola a, violó, violada, violación, violaciones, violador*, abuso sexual,
            abusos sexuales, abus* de mí, abus* de ella, abusó, abusaron, agresión sexual,
            violencia doméstica, violencia de género, maltrat*, pederast*, pedofil*, pedófil*,
            matrimonio forzado, trata de personas, esclavitud, no me deja salir, me toca, me tocó,
            encerrad*, sin sueldo, sin pagar, obligad*, me obliga, la obliga, le quitó el pasaporte,
            explotad*, esclav*, encierra, encerró
        """,
        "attack": """
            bomba, bombas, atentad*, explosivo*, hacer estallar, granada*, yihad*, radicaliz*
        """,
        "danger": """
            en peligro, peligro de muerte, temo por mi vida, miedo por mi vida, miedo de mi marido,
            miedo a mi marido, miedo de él, miedo de volver a casa, ayúdenme, ayúdame, auxilio, socorro,
            necesito ayuda urgente, voy a morir, tengo miedo, tiene miedo, miedo de salir, miedo a salir,
            gritos, manden a alguien, desaparecid*
        """,
    },
}
