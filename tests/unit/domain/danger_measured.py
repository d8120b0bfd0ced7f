"""Sentences written before the words on danger were changed on 26 November 2026, to measure that change by.

One a line, in turn: the first is for who changes the words, the second is held out and was never looked at
while they were changed, and so on. `docs/safeguarding.md` has what was found in each half.
"""

HINTED = """
he checks my phone every night and I have to ask before I see my sister
I have written letters to the children for when I am not around
my boyfriend says if he can't have me nobody will
I have given my dog away because I won't be needing him
she always wears long sleeves, even in July
nobody would notice if I just stopped
the little one flinches whenever his dad comes in
everything would be easier for my family without me
he says he knows which school my kids go to
I have been saving up my tablets
she never comes to the door alone and he answers for her
I've been standing on the platform edge again
the men come and go all night and the girls never leave
there is nothing left for me after the summer
my son has new trainers, two phones and is gone for days
I keep looking at the river and thinking
my uncle comes into my room when mum is on nights
I am so tired of being alive
the workers sleep in the cellar and their boss holds on to their papers
he said one day you will all know my name
my dad says I am going to meet my husband in the holidays, I'm fifteen
my brother spends all night watching videos about the caliphate
he has a list of people at his work who wronged him
she said he puts his hands round her neck when he is angry
the old lady downstairs has a new friend who lives in her flat and she does not go out any more
my wife has not let me see a doctor since it happened
they told me what happens to people who talk
I sit in the bath and look at the razor
he waits outside my work and knows when I finish
the kids next door are always outside in the cold with no coat and ask us for food
a boy in my class says the school will be sorry on Monday
my carer has my bank card and I have not seen my daughter for a year
I don't feel safe when he has been drinking
I said goodbye to everyone this weekend
a man in our street collects chemicals and has stopped talking to anyone
there is a smell of gas and he says he will take us all with him
he makes me send him pictures or he will show my parents
my mum sleeps in the kitchen with a chair against the door
she has marks on her arms and says she fell again
I have no reason to get up any more and I have made my plans
Nie mam już po co żyć, wszystko przygotowane
Mąż zabrał mi paszport i telefon
Sąsiadka ma ciągle siniaki i boi się własnego męża
Chyba lepiej, żeby mnie nie było
Il surveille mon téléphone et je n'ai plus le droit de sortir
Ma voisine a des bleus et dit qu'elle est tombée
Je voudrais m'endormir et ne plus jamais me réveiller
Il m'attend tous les soirs devant mon travail
زوجي أخذ جواز سفري ولا يسمح لي بالخروج
لم يعد لحياتي معنى
جارتي تبكي كل ليلة وعلى وجهها كدمات
يتبعني رجل كل يوم إلى بيتي
স্বামী আমার পাসপোর্ট নিয়ে গেছে আর বাইরে যেতে দেয় না
বেঁচে থাকার আর কোনো মানে নেই
পাশের বাসার মেয়েটার গায়ে সবসময় দাগ থাকে
আমি আর পারছি না, সব শেষ করে দিতে চাই
Mi marido no me deja salir ni hablar con nadie
Todos estarían mejor sin mí
"""

DIRECT = """
he punched me in the face in front of the children
I tried to hang myself last week
my neighbour is beating his wife right now
there is a man with a gun in the stairwell
I was sexually assaulted on the night bus
they said they will bomb the synagogue
my father hits my little brother with a belt
somebody stabbed a boy by the bins
I am going to kill my manager
she took an overdose on Friday
he pushed her down the stairs and broke her wrist
my girlfriend threatened me with a kitchen knife
I self harm most nights
a group of them attacked him with bats
he forced me to have sex
the girl at the nail bar is not allowed to leave and is not paid
he burned her with a cigarette
they plan to run over people at the vigil
I have been followed home three times by the same man
I want to kill myself
my cousin is being forced to marry
he choked me until I passed out
I am afraid my husband will kill me
Ojciec bije mnie pasem
On grozi, że mnie zabije
Mon père me bat
Il a menacé de me tuer avec une arme
أبي يضربني بالحزام
قال إنه سيفجر المكان
সে আমাকে ছুরি দিয়ে ভয় দেখায়
আমার বাবা আমাকে মারে
Me amenaza con matarme
Quiere poner una bomba en la estación
"""

HARMLESS = """
this job kills me, I never have time for surveys
the crime rate is killing business on our street
the walk up the stairs nearly killed me
I was shot down when I suggested more bins
business rates have hit us hard
the new signs hit the right note
parking charges are a stab in the back for small shops
I'd kill for a decent coffee near the station
the newsletter is a bit of overkill
the photo shoot in the square was fun
your website crashed and I nearly died of boredom
a flu shot clinic at the town hall would be good
they bombarded us with leaflets
the market is a blast at Christmas
the music festival was a real bomb of colour
I am dying to see the new park
cut the grass more often, please
the cuts to the library hurt everybody
the council should attack the litter problem
I had a heart attack last year and the ambulance was quick
the road works are a threat to small traders
the burning issue for us is parking
it hurts to see shops close
the noise drives me up the wall
cyclists jump the lights at every crossing
I jump on the number 25 bus every morning
hide the bins behind a fence
I am scared of the new parking rules
the lift is stuck and people get trapped for ten minutes
beat the rush hour and open earlier
the drums at the parade beat all afternoon
gangs of tourists block the pavement
a killer view from the tower
it was a killer deal at the market
dead end streets need better lights
I would not be caught dead at a council meeting
the street is dead after six
shooting of a film closed the road for a week
fire doors are left open in our block
please fire whoever wrote this form
I got a splinter from the bench and it cut my finger
the app keeps dying on my phone
my knees are killing me so more benches please
a hammer could be heard from the site all day
acid rain is damaging the old stones
knife sharpening stall was lovely
the talk on modern slavery history was excellent
thank you for the self defence class
I am afraid I do not know the answer
I fear the scheme will cost too much
there is no way out of the car park at night
help me understand why rates went up
we need help with the forms
strangers are friendly here
I was touched by the kindness of your officers
the street party was the bomb
could you follow me on social media
followed your advice and it worked
my children are safe walking to school
Korki mnie zabijają, zróbcie coś z ruchem
Umieram z nudów na tych spotkaniach
Strzał w dziesiątkę z tym targiem
Ce bruit me tue, il y a trop de travaux
C'est une bombe, ce nouveau café
J'ai eu un coup de cœur pour le marché
الأسعار تقتل التجارة الصغيرة
أموت في القهوة عندكم
যানজট আমাদের ব্যবসা মেরে ফেলছে
গরমে মরে যাচ্ছি, আরও ছায়া দরকার
Los precios nos están matando
"""
