from django.http import HttpRequest, JsonResponse

from loans.models import Loan


def open_loans(request: HttpRequest) -> JsonResponse:
    loans = Loan.objects.filter(returned=False).order_by("due")
    return JsonResponse({"loans": list(loans.values("reader", "title", "due"))})
