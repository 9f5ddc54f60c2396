"""The words that the comparison knows by heart: legal forms, mail providers, mailboxes of roles, streets, titles."""

# Folded, so that Cyrillic forms stand here in Latin letters (ООО, ЗАО, ИП, ТОВ, ЕООД, д.о.о.).
LEGAL_FORMS = """
gmbh ggmbh mbh ug haftungsbeschrankt ag kg kgaa ohg gbr eg ev ek partg gesellschaft sarl sas sasu sa eurl sci snc sl
slu srl spa sapa bv nv vof cv bvba sprl ltd limited plc llp lp llc lllp inc incorporated corp corporation co company
pty pte oy oyj ab as asa aps ks spol sro zrt kft bt nyrt doo dooel dd ad ood eood kd sp zoo spzoo spj ooo oao zao pao
ao nao ip chup odo tov pat prat fop too tdv kk gk se ltda eireli sicav et iks epe ae oe ee
"""
# Whoever has an address there says nothing about where they work.
FREE_MAIL = """
gmail.com googlemail.com yahoo.com yahoo.de yahoo.fr yahoo.co.uk ymail.com outlook.com outlook.de outlook.fr
hotmail.com hotmail.de hotmail.fr hotmail.co.uk live.com live.de live.fr msn.com icloud.com me.com mac.com aol.com
gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de arcor.de posteo.de mailbox.org protonmail.com
proton.me tutanota.com zoho.com mail.com mail.ru bk.ru inbox.ru list.ru internet.ru yandex.ru yandex.com ya.ru
yandex.by yandex.kz rambler.ru ukr.net i.ua meta.ua bigmir.net abv.bg mail.bg dir.bg orange.fr wanadoo.fr free.fr
laposte.net sfr.fr libero.it bluewin.ch seznam.cz wp.pl o2.pl onet.pl interia.pl qq.com 163.com 126.com
"""
# Pages where anyone has a profile.
SHARED_SITES = """
facebook.com instagram.com linkedin.com xing.com twitter.com x.com vk.com t.me wa.me youtube.com github.com tiktok.com
telegram.me ok.ru google.com sites.google.com
"""
ROLES = """
info office mail post kontakt contact contacts sales vertrieb verkauf service support hello hallo bonjour admin
reception empfang zakaz order orders buero buro team welcome marketing press presse accounting buchhaltung hr jobs
shop store help manager director secretary sekretariat
"""
# Folded words that say what kind of street it is; languages put them before, behind or onto the name.
STREET_KINDS = """
street str strasse st road rd avenue ave av boulevard blvd bd lane ln drive dr court ct place pl square sq circuit cct
crescent cres close way terrace tce rue chemin allee impasse quai platz weg gasse ul ulitsa vul vulytsya prospekt
prosp pr pereulok per naberezhnaya nab shosse bulvar bul ploshchad via piazza calle plaza d dom kv of ofis office apt
flat unit suite nr no
"""
TITLES = """
dr prof professor mr mrs ms miss sir mme mlle herr frau dipl ing phd mba msc bsc gospodin gospozha jr sr ii iii iv
"""
