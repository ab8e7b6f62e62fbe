"""Customer-focus vocabulary and satisfaction indices with honest confidence intervals."""
from custfocus.indices import *
from custfocus.responses import *
from custfocus.vocabulary import *
from custfocus.progress import *
