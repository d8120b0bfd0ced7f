"""Lithuanian, Polish, Romanian, Somali, Turkish."""

from survey_service.domain.danger_words.english_welsh import WordLists

WORDS: dict[str, WordLists] = {
    "lt": {
        "self_harm": """
            savižud*, nusižud*, save nužudyti, nebenoriu gyventi, noriu mirti, žaloju save, žaloti save,
            savęs žaloj*, pasikarti, perdozav*, nebegaliu, nebeturiu jėgų, nušokti
        """,
        "violence": """
            nužud*, žudik*, užmuš*, žmogžud*, nudur*, subad*, su peiliu, turi peilį, nušau*, šaudy*,
            šaunam*, turi ginklą, su ginklu, pistolet*, grasin*, grąsin*, muša mane, mane muša, sumuš*,
            užpuol*, smaug*, pagrob*, persekioj*, padegs, padegti, kerštas, peilis, peiliu, peilį, ginklas,
            ginklą, ginklu, ginklų, šūv*, rūgšt*, mušė, muša ją, muša jį, muša vaik*, ją muša, jį muša,
            vaikus muša, mušam*, krauj*, seka mane
        """,
        "abuse": """
            išprievart*, prievartav*, seksualin* prievart*, seksualin* smurt*, smurtas artimoje,
            smurtas šeimoje, smurtauj*, tvirkin*, pedofil*, priverstinė santuoka, prekyba žmonėmis
        """,
        "attack": """
            bomba, bombos, bombą, sprogmen*, sprogdin*, susprogdin*, teroro išpuol*, granat*, džihad*
        """,
        "danger": """
            pavojuje, pavojus gyvybei, bijau dėl savo gyvybės, bijau vyro, bijau jo, bijau grįžti namo,
            padėkite man, gelbėkite, mane seka, bijau, bijo, šauk* pagalbos, klyk*, atsiųskite, dingo
        """,
    },
    "pl": {
        "self_harm": """
            samobój*, zabić się, zabiję się, odebrać sobie życie, skończyć ze sobą, chcę umrzeć,
            chciałbym umrzeć, chciałabym umrzeć, nie chcę żyć, nie chce mi się żyć, samookalecz*,
            okalecz* się, ciąć się, tnę się, powiesić się, przedawkow*, nie daję rady, nie mam siły żyć,
            skoczyć z mostu, połknęłam tabletki, połknąłem tabletki, sensu życia, sensu życie, sens życia
        """,
        "violence": """
            zabić, zabije, zabiję, zabił*, zabój*, zabija*, zamordow*, morderc*, morderstw*, dźgn*,
            pchnięty nożem, ma nóż, z nożem, nożownik*, strzela*, zastrzel*, postrzel*, broń palna,
            bronią palną, ma broń, z bronią, pistolet*, grozi mi, groził*, groźb*, grożą, bije mnie, pobił*,
            pobity, pobita, uderzył*, napadł*, napad na, zaatakow*, dusi mnie, dusił*, oblał* kwasem,
            porwał*, porwan*, prześladuj*, śledzi mnie, podpali*, zemst*, zemszcz*, nóż, nożem, noże, noży,
            nożami, broń, bronią, strzał*, kwas, kwasem, bije, biją, bił, biła, bity, bita, kopie mnie,
            krwawi, grozi, śledzi, spali*
        """,
        "abuse": """
            gwałt, gwałty, gwałtu, gwałci*, zgwałc*, molestow*, wykorzyst* seksual*, przemoc seksual*,
            przemoc domow*, przemocy domow*, znęca*, maltretow*, pedofil*, przymusowe małżeństw*,
            handel ludźmi, niewolnictw*, zamyka mnie, dotyka mnie, dotykał*, zamknięt*, bez zapłaty,
            zmuszan*, zmusza, zabrał paszport, wyzysk*
        """,
        "attack": """
            bomba, bomby, bombę, bombow*, ładunek wybuchowy, wysadzi*, zamach*, granat*, dżihad*
        """,
        "danger": """
            w niebezpieczeństwie, zagrożenie życia, boję się o życie, boję się o swoje życie, boję się męża,
            boję się go, boję się wracać do domu, pomóżcie, pomocy, ratunku, proszę o pomoc,
            potrzebuję pomocy, zaginęło dziecko, boję się, boi się, krzyki, krzyczy, przyślijcie, zaginął,
            zaginęła, krzyczą
        """,
    },
    "ro": {
        "self_harm": """
            sinucid*, sinucig*, să mă omor, mă omor, să-mi iau viața, vreau să mor, aș vrea să mor,
            nu mai vreau să trăiesc, mă tai, automutil*, supradoz*, nu mai pot, să sar de pe pod, se taie,
            am luat pastile
        """,
        "violence": """
            omoar*, omor, omorât*, omorî, ucide, ucid, ucis*, ucig*, crimă, înjunghi*, cu cuțitul,
            are un cuțit, împușc*, armă de foc, are o armă, cu o armă, pistol*, ameninț*, amenint*, mă bate,
            m-a bătut, mă lovește, m-a lovit, bătut, bătută, agres*, atacat, atacată, strangul*,
            acid pe față, răpit*, răpire*, mă urmărește, hărțui*, dau foc, răzbun*, cuțit*, armă, arme,
            arma, focuri, acid, bate, bătaie, lovește, lovit*, sânge, amenință, urmărește
        """,
        "abuse": """
            viol, violul, violat*, violator*, abuz sexual, abuzuri sexuale, abuzat*, abuzează, abuz asupra,
            violență domestică, violența domestică, violență în familie, pedofil*, căsătorie forțată,
            trafic de persoane, sclavie, mă ține închis*, mă atinge, m-a atins, închis*, fără plată,
            forțat*, obligat*, exploatat*, sclav*
        """,
        "attack": "bombă, bomba, bombe, atentat*, exploziv*, arunca în aer, grenad*, jihad*",
        "danger": """
            în pericol, pericol de moarte, mă tem pentru viața mea, frică pentru viața mea,
            frică de soțul meu, mi-e frică de el, frică să merg acasă, ajutați-mă, ajutor vă rog,
            am nevoie de ajutor, mi-e frică, îi e frică, țipete, țipă, trimiteți pe cineva, dispărut*
        """,
    },
    "so": {
        "self_harm": """
            isdil*, is dil*, is dilayaa, inaan is dilo, inaan dhinto, doonayaa inaan dhinto, naftayda,
            ma rabo inaan noolaado, is dhaawac*
        """,
        "violence": """
            dilay, dilaya, dilayaa, dileen, la dilay, gacanku dhiigle, mindi, toorey, qori, bistoolad*,
            rasaas*, xabad*, hanjab*, hanjabaad*, garaac*, igu garaac*, i garaac*, i dilaya, weerar*,
            afduub*, gub*, mindi*, toorey*, qoryo*, hub, hubka, dhiig*
        """,
        "abuse": "kufsi*, kufsad*, xadgudub*, faraxumay*, fara xumay*, guur qasab, gudniin*",
        "attack": "bambo, bambooyin, qarax*, argagixiso*, jihaad*",
        "danger": """
            khatar, naftayda u baq*, waan baqayaa, i caawi*, ii gargaar*, gargaar degdeg, ma ihi ammaan,
            waan ka baqayaa, cabsi*, qaylo*
        """,
    },
    "tr": {
        "self_harm": """
            intihar*, kendimi öldür*, canıma kıy*, hayatıma son, yaşamıma son, ölmek istiyorum,
            yaşamak istemiyorum, kendime zarar, kendimi kes*, kendimi as*, dayanamıyorum, köprüden atla*,
            hap yuttu*, kendini kes*
        """,
        "violence": """
            öldür*, öldürec*, cinayet*, katil, katili, katiller, bıçakla*, bıçağı var, bıçak çek*,
            elinde bıçak, vurdu, vuruldu, silahı var, silahla, silah çek*, tabanca*, tehdit*, dövüyor,
            dövdü, döver, dayak*, saldır*, boğ* çalış*, boğazını, asit at*, kaçırıl*, kaçırdı, takip ediyor,
            yakacağ*, intikam*, bıçak*, silah*, ateş etti, kurşun*, asit, dövü*, dövdü*, vuruyor, tokat*,
            tekme*, yumruk*, kan içinde, takip ediyor*, yak*cak
        """,
        "abuse": """
            tecavüz*, cinsel saldırı*, cinsel istismar*, istismar*, taciz*, aile içi şiddet, ev içi şiddet,
            şiddet görüyor*, şiddet uygul*, zorla evlen*, insan ticaret*, kölelik, bana dokun*, kilitle*,
            zorla*, ücretsiz çalış*, pasaportu*, sömür*, köle*
        """,
        "attack": """
            bomba*, patlayıcı*, patlatac*, havaya uçur*, terör saldırı*, canlı bomba, cihat*, el bombası
        """,
        "danger": """
            tehlikede*, hayati tehlike*, hayatımdan endişe*, canımdan kork*, can güvenliğ*, kocamdan kork*,
            ondan kork*, eve gitmeye kork*, yardım edin, imdat, acil yardım*, korkuyor*, çığlık*,
            birini gönder*, kayıp çocuk
        """,
    },
}
