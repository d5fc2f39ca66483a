from django.http import HttpRequest, JsonResponse


def parcel(request: HttpRequest, number: str) -> JsonResponse:
    return JsonResponse({"number": number})
