"""First names and what people are called instead, in English, Russian, German and French; from general knowledge."""

from functools import lru_cache

from tradepost.crm.matching.spelling import plain

# A line is one name: before the colon its formal spellings, after it the short forms. A short form may stand in many
# lines (Sasha is a man or a woman). Spellings that `plain` makes equal (y, i, j; kh, h; w, v; x, ks) are given once.
# A long line goes on in a second one that begins with the same name.
# Names without short forms are here too: two different known names are two people and never a slip of the pen.
NAMES = """
abraham: abe abram bram
adam: ad
adolf adolph: dolf
adrian adrien: ade
agnes: aggie nessa
alan allan allen: al
albert alberto: al bert bertie
aleksandr alexander alexandre alessandro: sasha sanya shura alex al sander xander sandro alik lex alexandr aleks sascha
aleksandra alexandra alessandra: sasha shura alex sandra alexa aleksa sanya lexi
aleksey alexis alexej alexei: alyosha lyosha alex lekha alosha alyosha lesha aleks
alfred: al alf alfie fred freddy
alina: alya
alisa alice alicia: alya ali
alla: alya
alyona alena: lena alyonka
amelia amelie: amy millie
anastasia anastasiya anastasija: nastya asya stasya nastia stacy stasia
anatoly anatolii anatole: tolya tolik
andrew andrey andreas andre andrei andrej: andy drew andi dyusha andryusha andryukha
angela angelika angelina: angie gela lina geli
anna anne ann hanna hannah: annie nan anya anyuta nyura nyusha anneke anja nancy annette
anton antony anthony antoine antonio: tony tosha toni antosha tonio
antonina antonia antoinette: tonya toni tosha
arkady arkadii: arkasha
arnold: arnie noldi
arthur artur: art artie
artyom artem artemy: tyoma tema temka
august auguste: gus augie gustl
barbara varvara: barb babs barbie bobbie varya varenka babsi bärbel baerbel
beatrice beatrix beatriz: bea trixie
benjamin veniamin: ben benny benji venya
bernard bernhard: bernie bernd berni
bogdan: bodya danya
boris: borya borka
brigitte bridget brigitta: gitta gitte biddy bridie
carl karl charles carlos carlo: charlie chuck chas kalle chick
caroline karoline carolina karolina: carrie caro lina line carol karo
catherine katherine kathryn katharine ekaterina yekaterina katharina katarina kateryna katrin kathrin: trina
catherine: kate katie kathy cathy kat katya kit kitty kay käthe kaethe kathi katja katyusha cat rina
cecilia cecile cäcilie: cec cissy celia cilly
charlotte: lotte charlie lottie charly lotti
christian kristian: chris christi
christina christine kristina kristine christiane: chris chrissy tina kris kristi christel tini stina
christopher christoph christophe kristofer: chris kit topher christoph stoffel kris
clara klara claire: klärchen
claudia: clodi
constantin konstantin constantine: kostya konst kosta dino
cornelia: conny nelly nele corrie
cornelius: con neil
daniel daniil danila danil: dan danny danya danik dani
daria darya daryna: dasha dashulya dara
david davyd: dave davey dodik davie
deborah debra: deb debbie
denis dennis denys: denny den deniska
diana diane: di
dietrich: dieter dirk
dmitry dmitri dimitri dimitrios dimitris dmytro: dima mitya dimka dimon dim mitja
dominic dominique dominik: dom nick nicki
donald: don donnie
dorothy dorothea dorothee: dot dottie dolly dora dorle thea
douglas: doug
edgar: ed eddie
edmund edmond: ed ned ted eddie
edward eduard edouard eduardo: ed eddie ted ned ward edik edi
eleanor eleonora eleonore: ellie nell nora ella lora lore
elena helen helena helene yelena olena: lena lenochka nell ellen lenka lene leni nellie alyona
eliot elliot: ell
elizabeth elisabeth elizaveta yelizaveta elisabetta: lizzie lizzy
elizabeth: liz beth betty eliza lisa liza bess libby elsie betsy lise elise lisbeth sissi else lilli elli bettina
emil emile: milo
emily emilia emilie: em emmy millie mila
emma: em emmy
eric erik erich: rick ricki
ernest ernst: ernie
eugene evgeny yevgeny eugen yevhen: gene zhenya jenya zhenka yevgen shenja
eugenia evgenia yevgeniya eugenie: zhenya jenya genie zhenka
eva eve: evie evi evchen
evelyn eveline: evie lyn
fyodor fedor theodor theodore: fedya ted teddy theo
felix: lix
florence: flo florrie flora
florian: flo flori
frances francoise franziska francesca: fran frankie fanny franzi sissi francie cesca
francis franz francois francesco francisco: frank frankie fran paco pancho franzl
frank: frankie
frederick friedrich frederic fredrik fridrikh: fred freddie fritz rick fredy freddy fiete
frederike friederike frederique: rike fritzi freddie
gabriel: gabe gabi
gabriele gabriella gabrielle: gabi gaby ella gabby
galina halyna: galya galka halya
gennady gennadii hennadii: gena genka gesha
george georg georges georgy georgios heorhii: geordie zhora gosha jorg schorsch georgie jora
gerald gerold: gerry jerry gerd
gerhard gerard gerardo: gerd gerry hardy gert
gertrude gertrud: gertie trudy trude traudl gerti
gleb: glebka
gordon: gordie
gregory grigory gregor gregoire hryhorii: greg grisha gregg grinya
gustav gustave: gus gustl
günter guenter günther guenther gunther: gunni
harald harold: harry hal
heinrich henry henri hendrik genrikh: heinz heiner harry hank hal hein henk heini henny
heinz: heinzi
helmut hellmut: helmi
herbert: herb bert herbie
herman hermann german: hermi gera
hubert: hugh bert hubi
igor ihor: garik igoryok gosha
ilya elias ilia illia: ilyusha eli ilyukha
inga ingrid ingeborg: inge
inna: innochka
irina irene iryna irena: ira irka irisha rena reni irochka
isaac isaak: ike zak
isabel isabella isabelle: bella belle izzy isa ella
ivan: vanya vanyusha vanka
jacob jakob yakov jacques yakiv: jake yasha jack kobi
jacqueline: jackie jacqui
james: jim jimmy jamie jem
jan: janek
jane janet jeanne: janie jenny jan
jason: jay
jean: jeannot
jeffrey geoffrey: jeff geoff
jennifer: jen jenny jenna
jeremy jeremiah jeremie: jerry jem
jessica: jess jessie
joachim yoakim: jochen achim jo
joan joanna johanna jeanette joanne: jo hanna joni hanne hannah jojo
johannes johann: hans hannes jo johnny hansi jan
hans: hansi
john: jack johnny jon
jonathan jonatan: jon jonny nathan jonas
joseph josef iosif josip jose: joe joey jo sepp osya jupp pepe beppo
josephine josefine josefa: jo josie pepi sefi fina
joshua josua: josh
judith: judy judi jutta
julia yulia juliana yuliya yulija julie iuliia: yulya jule juli jules yulka ulya julchen
julian julien: jules juli
jürgen juergen: jürg
karen karin carina: kari
kenneth: ken kenny
kimberly: kim
kirill cyril kyrill kyrylo: kirya kir kiryukha
klaus claus: klausi
nicholas nicolas nikolaus nikolai nikolay mykola niklas nicola: nick nicky kolya klaus nico niko colin kolyan nic
klavdia claudine: klava
ksenia kseniia xenia oksana: ksyusha ksyu oksanka ksenya
larisa larissa: lara lora larisochka
laura: laurie lori
laurence lawrence lorenz laurent lavrenty: larry laurie lars lenz
leo leon lev leonid leonard leonhard leonardo: lyonya lenny lyova leo len leva lenya
leopold: leo poldi
lydia lidia lydie: lida lidka
liliana lilian lily lilia liliya: lil lilly lilya
linda: lindy
louis ludwig luis lewis: lou lew luki lutz wiggerl
louise luise louisa luisa: lou lulu isa
lyubov lubov: lyuba lyubasha luba
lyudmila ludmila liudmila: lyuda mila lyusya luda lucy
lucia lucie lucy: lu
luca lukas lucas luke luc: luki luk
magdalena madeleine madeline magdalene: magda maddie lena leni madlen
maksim maxim maxime maksym: max maks maksik
maximilian maximilien: max maxi
marcus markus marc mark marco marko: marky
margaret margarita margarete marguerite margarethe: gretchen
margaret: meg maggie peggy rita grete gretel greta marge madge margot margo gitta
maria mary marie mariya mariia: masha molly polly mitzi manya marusya marya mia mascha mimi musya mariechen
marianne mariana marianna: mari nanni
marina: marisha mara marinka
mariana maryana: maryanka
martha marta marfa: marty patty marfusha
martin: marty maddin
martina martine: tina
matthew matthias matvey mathieu matteo matthäus mats: matt matty hias matze motya matti
michael mikhail michel mykhailo miguel michail: mike mick mickey misha mischa mikey michi mishka mikha mischka
michaela mikaela michelle michele: michi shelly ela
miroslav: mirek slava
monica monika monique: moni mona mo
nadezhda nadia nadiya nadine: nadya nadyusha
natalia natalya natalie nathalie nataliya: natasha nata tasha nat tusya natascha
nathan nathaniel: nat nate
nikita: nik nikitka
nina: ninochka
norbert: nobbi bert
oleg oleh: olezhka olezha
olga olha: olya olenka olja olka
oliver olivier: ollie olli oli
olivia: liv livvy
oskar oscar: ossi
otto: ottl
pamela: pam
patricia patrice: pat patty tricia trish patsy
patrick: pat paddy rick
paul pavel pablo paolo pavlo: pasha paulchen pavlik
paula pauline polina paulina: polly polya
peter pyotr petr petro: pete petya petrusha peterle pit pitt petja
pierre: pierrot
philip philippe philipp filipp: phil pip philly lippi filya
rachel raquel: rae
raymond raimund: ray mundi
rebecca rebekka: becky becca beck
reinhard reinhardt: reini hardy
richard ricardo: dick rick ricky rich richie richi
rita: ritchen
robert roberto: bob bobby rob robbie bert robi
roland: rolf roli
roman romain: roma romka rom
ronald: ron ronnie
rose rosa rosemary rosemarie roza: rosie romy rosi
rostislav rostyslav: slava rostik
rudolf rudolph: rudi rolf rudy
ruslan: rusik
russell: russ
ruth: ruthie
samantha: sam sammy
samuel samuil: sam sammy
sarah sara: sally sadie
sebastian sebastien: seb basti bastian wastl
sergey sergei serge sergej serhii sergio: seryozha seryoga serg serhiy serezha serjoscha
sharon: shaz
sigmund siegmund: sigi
siegfried: siggi sigi
simon semyon simeon semen: sim syoma senya
sofia sophia sophie sofya: sonya sonia fifi sonja soph sofi
stanislav stanislaw stanislaus: stas slava stan stasik
stephanie stefanie stefania: steph steffi stefi fanny
stephen steven stefan stephan stepan etienne: steve stevie styopa stef steff stepka
susan susanne suzanne susanna: sue susie suzy susi sanna sanne zuzu
svetlana svitlana: sveta lana svetik svetka swetlana
svyatoslav: slava svyat
taisia: taya tasya
tamara: toma tamar
taras: tarasik
tatiana tatyana tetyana tatjana: tanya tania tata tanja tanyusha
teresa theresa therese theresia: terry tess tessa resi tracy
terence terry: tel
thomas tomas foma: tom tommy thom tomi
timothy timofey timothee timotheus: tim timmy tima timosha
timur: tima
tobias tobie: toby tobi
tyler: ty
ulrich: uli ulli utz
ulrike: uli ulli rike
ursula: uschi ulla ursel uschy
vadim vadym: vadik dima
valentin valentine: valya val valentinchik veltin
valentina: valya tina vala
valery valerii: valera
valeria valerie: lera valerka val
vasily vasilii basil vasyl: vasya vaska vasilek
vera: verochka verusha
veronica veronika veronique: nika vroni ronnie vera
victor viktor: vitya vic vityok vik
victoria viktoria victoire: vika vicky tori vicki
violetta violet violette: vi viola
vitaly vitalii: vitalik vitalya vetal
vladimir volodymyr waldemar: vova volodya vlad vovka
vladislav vladyslav: vlad vladik slava
vsevolod: seva
vyacheslav viacheslav: slava slavik
walter walther: wally walt wolli
wilhelm guillaume: willi wim helm willy
william: bill billy will willie liam willy
wilhelmine: minna mina helma
wolfgang: wolf wolfi
wolfram: wolf
yana jana: yanka
yaroslav jaroslav: slava yarik
yegor egor: yegorka gosha
yuri juri iurii yury: yura yurik yurka jura
zachary zacharias zakhar: zach zack zakharka
zinaida: zina
zoya zoe: zoyka
"""


@lru_cache(maxsize=1)
def _names() -> dict[str, frozenset[str]]:
    """Return the names (by their first spelling) that each spelling may stand for."""
    found: dict[str, set[str]] = {}
    for line in NAMES.strip().splitlines():
        formal, _, short = line.partition(":")
        name = formal.split()[0]
        for spelling in (formal + short).split():
            found.setdefault(plain(spelling), set()).add(name)
    return {spelling: frozenset(names) for spelling, names in found.items()}


def formal_names(word: str) -> frozenset[str]:
    """Return the names that a first name may stand for ("sasha" → aleksandr, aleksandra); none when it is unknown.

    `word` is one word in any spelling and script; the answers name a group and are not for show.
    """
    return _names().get(plain(word), frozenset())
