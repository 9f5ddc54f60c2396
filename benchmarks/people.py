"""Made contacts with known duplicates: the same person as two people type them, and colleagues who share an office."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tradepost.crm.exchange.record import ContactRecord, Email, Phone, PostalAddress, Website
from tradepost.crm.matching.folding import fold

RUSSIAN = (
    "Александр:Саша Алексей:Лёша Анатолий:Толя Андрей: Антон: Борис: Вадим: Валерий:Валера Василий:Вася Виктор:Витя "
    "Виталий: Владимир:Вова Вячеслав:Слава Геннадий:Гена Григорий:Гриша Дмитрий:Дима Евгений:Женя Иван:Ваня Игорь: "
    "Илья: Кирилл: Константин:Костя Леонид:Лёня Максим:Макс Михаил:Миша Николай:Коля Олег: Павел:Паша Пётр:Петя "
    "Роман:Рома Сергей:Серёжа Станислав:Стас Фёдор:Федя Юрий:Юра Ярослав:"
)
RUSSIAN_WOMEN = (
    "Александра:Саша Алина: Анастасия:Настя Анна:Аня Валентина:Валя Вера: Виктория:Вика Галина:Галя Дарья:Даша "
    "Екатерина:Катя Елена:Лена Елизавета:Лиза Ирина:Ира Ксения:Ксюша Лариса: Людмила:Люда Маргарита:Рита Марина: "
    "Мария:Маша Надежда:Надя Наталья:Наташа Нина: Оксана: Ольга:Оля Светлана:Света София:Соня Татьяна:Таня Юлия:Юля"
)
GERMAN = (
    "Alexander:Alex Andreas:Andi Anja: Anna: Barbara: Bernd: Brigitte:Gitta Christian:Chris Christoph: Daniel: "
    "Elisabeth:Lisa Friedrich:Fritz Gabriele:Gabi Hans: Heike: Heinrich:Heiner Jens: Johannes:Hannes Jürgen: Karin: "
    "Katharina:Kathi Klaus: Manfred: Markus: Martina: Matthias:Matze Maximilian:Max Michael:Michi Monika:Moni Peter: "
    "Petra: Sabine: Sebastian:Basti Stefan:Steffen Susanne:Susi Thomas:Tom Ulrich:Uli Ursula:Uschi Wolfgang:Wolf"
)
ENGLISH = (
    "Andrew:Andy Anthony:Tony Barbara:Barb Benjamin:Ben Charles:Charlie Christine:Chris Daniel:Dan David:Dave "
    "Deborah:Debbie Donald:Don Edward:Ted Elizabeth:Liz George: Gregory:Greg James:Jim Jennifer:Jenny John: "
    "Jonathan:Jon Joseph:Joe Karen: Kenneth:Ken Laura: Linda: Margaret:Peggy Mark: Mary: Matthew:Matt Michael:Mike "
    "Nancy: Nicholas:Nick Patricia:Pat Richard:Dick Robert:Bob Ronald:Ron Samuel:Sam Sarah: Stephen:Steve Susan:Sue "
    "Thomas:Tom Timothy:Tim William:Bill"
)
STEMS = {
    "ru": "Аба Бара Бело Бога Боро Бур Вино Воло Воро Гала Голо Гор Гри Дани Доро Ере Жда Жу Заха Зо Ива Кали Кова "
    "Козло Коло Кома Кор Кра Кузне Лебе Лог Мака Мар Медве Мели Моро Не Ники Ови Орло Пан Пет По Пого Руда Сави "
    "Сере Сидо Соло Соро Степ Тара Тито Фило Харито Цвет Черни Шапо Шеве Щерба Юди Яков",
    "de": "Acker Bau Berg Birk Brand Braun Buch Dorn Eich Engel Fal Feld Fisch Frei Gar Gold Grün Hof Hoff Jäger Kais "
    "Kirch Klein König Kram Lang Lind Löw Mei Möll Mühl Neu Ober Rich Roth Sand Schä Schmid Schnei Schul Schwar Stein "
    "Vog Wag Wald Web Wein Wink Wolf Zieg Zimmer",
    "en": "Ash Bar Beck Black Brad Brook Burn Carl Chan Cole Cram Dal Dun East Fair Field Ford Good Green Hamil Har "
    "Hart Hay Hill Hol Hunt Kirk Lang Lin Mid Mor New Nor Pem Per Rad Ran Rich Rod Shel Stan Sut Tho Wal War "
    "Web Wes Whit Wil Win Wood",
}
ENDINGS = {
    "ru": "нов лов ров ков шин нин тин дин ченко мин чук сов мов".split(),  # noqa: SIM905 - a list of words reads best
    "de": "er mann bach ner berger ke hardt hauer ler meier stein rich born feld".split(),  # noqa: SIM905 - as above
    "en": "ton ley son man well wood ford by den worth ham field land ers".split(),  # noqa: SIM905 - as above
}
FIRST = {"ru": RUSSIAN, "rw": RUSSIAN_WOMEN, "de": GERMAN, "en": ENGLISH}
FORMS = {
    "ru": ("ООО «{}»", "{} LLC", "{}"),
    "de": ("{} GmbH", "{} GmbH & Co. KG", "{}"),
    "en": ("{} Ltd", "{} Ltd.", "{}"),
}
COUNTRY = {"ru": ("+7495", "+7916"), "de": ("+4930", "+49171"), "en": ("+4420", "+4477")}
TRADES = ("Trade", "Tools", "Garden", "Metall", "Paper", "Stroy", "Print", "Foods", "Light", "Optic", "Textil", "Wood")
CITIES = {"ru": "Москва Казань Тверь Самара", "de": "Berlin Köln Kassel Ulm", "en": "London Leeds York Bath"}
FREE = ("gmail.com", "mail.ru", "gmx.de", "outlook.com", "yandex.ru")


@dataclass(frozen=True, slots=True)
class Office:
    """An employer: what all who work there share."""

    language: str
    name: str
    domain: str
    phone: str
    address: PostalAddress


class Makers:
    """Makes people, offices and second versions of people from one seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def contacts(self, count: int, twice: int) -> Iterator[tuple[int, ContactRecord]]:
        """Yield `count` contacts with the number of the person; `twice` of them are there a second time."""
        offices = [self.office() for _ in range(count // 7)]
        people = [self.person(self.dice.choice(offices)) for _ in range(count - twice)]
        yield from enumerate(people)
        for number in self.dice.sample(range(len(people)), twice):
            yield number, self.again(people[number])

    def office(self) -> Office:
        """Return an employer with its own domain, number and address."""
        language = self.dice.choice(("ru", "de", "en"))
        core = f"{self.family(language)} {self.dice.choice(TRADES)}"
        street = f"{self.family(language)} {self.dice.choice(('street', 'Straße', 'ул.'))} {self.dice.randint(1, 150)}"
        code, city = str(self.dice.randint(10000, 99999)), self.dice.choice(CITIES[language].split())
        return Office(
            language,
            self.dice.choice(FORMS[language]).format(core),
            f"{fold(core).replace(' ', '-')}{self.dice.choice(('.com', '.net', '.eu'))}",
            self.number(language, 0),
            PostalAddress(f"{street}\n{code} {city}", street, code, city),
        )

    def person(self, office: Office) -> ContactRecord:
        """Return somebody who works there."""
        language = office.language
        woman = language == "ru" and self.dice.random() < 0.5
        given = self.dice.choice(FIRST["rw" if woman else language].split()).partition(":")[0]
        family = self.family(language)
        if woman and family.endswith(("в", "н")):
            family += "а"
        local = f"{fold(given)}.{fold(family)}"
        own = self.dice.random() < 0.7
        domain = office.domain if own else self.dice.choice(FREE)
        phones = [Phone(office.phone, office.phone)] if self.dice.random() < 0.8 else []
        if self.dice.random() < 0.7:
            mobile = self.number(language, 1)
            phones.append(Phone(mobile, mobile, "mobile"))
        return ContactRecord(
            f"{given} {family}", given=given, family=family, company=office.name, phones=tuple(phones),
            emails=(Email(f"{local}@{domain}" if own else f"{local}{self.dice.randint(1, 999)}@{domain}"),)
            if self.dice.random() < 0.75 else (),
            websites=(Website(office.domain),) if self.dice.random() < 0.5 else (),
            addresses=(office.address,) if self.dice.random() < 0.6 else (),
        )  # fmt: skip

    def again(self, person: ContactRecord) -> ContactRecord:
        """Return the same person as another seller would write them down: one to three things differ."""
        changes: list[Callable[[ContactRecord], ContactRecord]] = [
            self.mistype, self.transliterate, self.shorten, self.swap,
            self.lose_phones, self.lose_email, self.lose_work,
        ]  # fmt: skip
        for change in self.dice.sample(changes, self.dice.randint(1, 3)):
            person = change(person)
        return person

    def mistype(self, person: ContactRecord) -> ContactRecord:
        """One letter of the name lost, doubled, or changed places with the next."""
        name = person.name
        at = self.dice.randrange(1, len(name) - 1)
        wrong = (
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :],
        )
        return replace(person, name=self.dice.choice(wrong), given="", family="")

    def transliterate(self, person: ContactRecord) -> ContactRecord:
        """A Cyrillic name in Latin letters, as this or that passport has it; an umlaut as two letters."""
        latin = fold(person.name.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue"))
        for habit in (("yu", "iu"), ("ya", "ia"), ("kh", "h"), ("ts", "c"), ("shch", "sch"), ("iy", "y"), ("v", "w")):
            if self.dice.random() < 0.4:
                latin = latin.replace(*habit)
        return replace(person, name=latin.title(), given="", family="")

    def shorten(self, person: ContactRecord) -> ContactRecord:
        """The first name as friends say it, or its initial."""
        given, _, family = person.name.partition(" ")
        known = dict(one.split(":") for names in FIRST.values() for one in names.split())
        return replace(person, name=f"{known.get(given) or given[:1] + '.'} {family}", given="", family="")

    def swap(self, person: ContactRecord) -> ContactRecord:
        """Family name first."""
        return replace(person, name=" ".join(reversed(person.name.split(" "))), given="", family="")

    def lose_phones(self, person: ContactRecord) -> ContactRecord:
        """One number is missing."""
        return replace(person, phones=person.phones[1:])

    def lose_email(self, person: ContactRecord) -> ContactRecord:
        """The address is a private one."""
        return replace(person, emails=(Email(f"x{self.dice.randrange(10**7)}@{self.dice.choice(FREE)}"),))

    def lose_work(self, person: ContactRecord) -> ContactRecord:
        """Company, page and office address are missing."""
        return replace(person, company="", websites=(), addresses=())

    def family(self, language: str) -> str:
        """Return a family name."""
        return self.dice.choice(STEMS[language].split()) + self.dice.choice(ENDINGS[language])

    def number(self, language: str, mobile: int) -> str:
        """Return a number in E.164."""
        return f"{COUNTRY[language][mobile]}{self.dice.randrange(10**6, 10**7)}"
