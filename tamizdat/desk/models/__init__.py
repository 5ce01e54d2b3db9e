from tamizdat.desk.models.articles import ArticleIndex, ArticlePage, Byline, Correction
from tamizdat.desk.models.front import FrontPage, FrontSecond, FrontTopic
from tamizdat.desk.models.imported import ImportedItem
from tamizdat.desk.models.pictures import Picture, PictureRendition
from tamizdat.desk.models.pins import Pin
from tamizdat.desk.models.plain import PlainPage
from tamizdat.desk.models.sign_in import SignInState, WrongGuesses
from tamizdat.desk.models.words import Person, Section, Topic

__all__ = [
    "ArticleIndex",
    "ArticlePage",
    "Byline",
    "Correction",
    "FrontPage",
    "FrontSecond",
    "FrontTopic",
    "ImportedItem",
    "Person",
    "Picture",
    "PictureRendition",
    "Pin",
    "PlainPage",
    "Section",
    "SignInState",
    "Topic",
    "WrongGuesses",
]
