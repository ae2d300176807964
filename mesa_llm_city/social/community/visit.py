"""What a member sees on a visit."""

from __future__ import annotations

from typing import NamedTuple

from mesa_llm_city.social.community.design import CommunityDesign
from mesa_llm_city.social.community.members import Member
from mesa_llm_city.social.post import Post

__all__ = ["SeenPost", "Visit"]


class SeenPost(NamedTuple):
    """A post as it is shown.

    Attributes
    ----------
    post : Post
        The post. Its category, what it breaches, is not shown; a rule weighs by it, since no
        rule reads words.
    author : str
        Name of its author.
    is_to_reader : bool
        Whether it answers a post of the reader.
    """

    post: Post
    author: str
    is_to_reader: bool


class Visit(NamedTuple):
    """What a member sees and feels on a visit.

    Attributes
    ----------
    design : CommunityDesign
        The community with the rules on display.
    member : Member
        Who visits.
    page : tuple of SeenPost
        The newest posts, oldest first.
    upset : float
        How upset the member is, from 0 to 1.
    removed : int
        Number of own posts that were removed.
    notices : tuple of str
        Messages of moderators to the member, oldest first.
    at_min : int
        When, in minutes.
    """

    design: CommunityDesign
    member: Member
    page: tuple[SeenPost, ...]
    upset: float
    removed: int
    notices: tuple[str, ...]
    at_min: int
